import { LMContentFilterError, LMInvalidResponseError } from '../../../core/errors/lm-errors';
import type { LMDelta } from '../../../core/primitives/lm-delta';
import type { LMCompletion, LMResponse, TokenLogprob } from '../../../core/primitives/lm-response';
import { NO_USAGE, type Usage } from '../../../core/primitives/usage';
import { excerpt } from '../redact';
import { AnswerSoFar } from '../wire/answer-so-far';
import { finishAnswer } from '../wire/finish-answer';
import { countOf, isMembers, listOf, type Members, membersOf, stringOf } from '../wire/members';
import { readBody } from '../wire/read-body';
import type { Exchange } from '../wire/wire-format';
import { generateFailure } from './generate-failure';

/** Reads the body of a response or of one chunk of a stream into an answer; gives what it adds. Throws what it says of failures. */
export function readInto(answer: AnswerSoFar, body: Members, exchange: Exchange): readonly LMDelta[] {
  const blocked = stringOf(membersOf(body['promptFeedback'])['blockReason']);
  if (blocked !== undefined && blocked !== 'BLOCK_REASON_UNSPECIFIED') {
    const shown = excerpt(blocked, exchange.redact);
    throw new LMContentFilterError(`The prompt was blocked (${shown}): change it, or the safety settings in extra.`, {
      ...exchange.about,
      providerCode: shown,
    });
  }
  answer.id ??= stringOf(body['responseId']);
  answer.model ??= stringOf(body['modelVersion']);
  if (isMembers(body['usageMetadata'])) answer.usage = usageOf(body['usageMetadata']);
  return listOf(body['candidates']).flatMap((candidate, place) =>
    isMembers(candidate) ? readCandidate(answer, candidate, place) : [],
  );
}

/** The response in the body of generateContent, frozen. Throws a typed `LMError` when there is none in it. */
export function readGenerated(text: string, exchange: Exchange): LMResponse {
  const { status, about, redact } = exchange;
  const body = readBody(text);
  if (isMembers(body?.['error'])) throw generateFailure(text, { ...exchange, status: 0 });
  const answer = new AnswerSoFar();
  if (body !== undefined) readInto(answer, body, exchange);
  if (body === undefined || answer.completions.length === 0) {
    const problem = body === undefined ? 'The answer is not a JSON object' : 'The answer has no candidates';
    throw new LMInvalidResponseError(`${problem}. The body begins: ${excerpt(text, redact)}`, { ...about, status });
  }
  return finishAnswer(answer, exchange);
}

function readCandidate(answer: AnswerSoFar, candidate: Members, place: number): readonly LMDelta[] {
  const index = typeof candidate['index'] === 'number' ? candidate['index'] : place;
  const completion = answer.at(index);
  const reason = stringOf(candidate['finishReason']);
  const deltas = listOf(membersOf(candidate['content'])['parts']).flatMap((given): LMDelta[] => {
    const part = membersOf(given);
    const text = stringOf(part['text']);
    if (isMembers(part['functionCall']))
      return callOf(part['functionCall'], index, completion.toolCalls.length, answer);
    if (text === undefined || text === '') return [];
    return [answer.add(part['thought'] === true ? { index, reasoning: text } : { index, text })];
  });
  completion.logprobs.push(...logprobsOf(candidate['logprobsResult']));
  completion.citations.push(...listOf(membersOf(candidate['citationMetadata'])['citationSources']).filter(isMembers));
  if (reason !== undefined) completion.finishReason = finishReasonOf(reason, completion.toolCalls.length > 0);
  return deltas;
}

/** A call comes whole. */
function callOf(call: Members, index: number, at: number, answer: AnswerSoFar): LMDelta[] {
  const name = stringOf(call['name']);
  if (name === undefined) return [];
  const id = stringOf(call['id']);
  const toolCall = {
    index: at,
    ...(id === undefined ? {} : { id }),
    name,
    arguments: JSON.stringify(call['args'] ?? {}),
  };
  return [answer.add({ index, toolCall })];
}

function finishReasonOf(reason: string, calls: boolean): LMCompletion['finishReason'] {
  switch (reason) {
    case 'STOP':
      return calls ? 'tool_calls' : 'stop';
    case 'MAX_TOKENS':
      return 'length';
    case 'SAFETY':
    case 'RECITATION':
    case 'LANGUAGE':
    case 'BLOCKLIST':
    case 'PROHIBITED_CONTENT':
    case 'SPII':
    case 'IMAGE_SAFETY':
      return 'content_filter';
    case 'MALFORMED_FUNCTION_CALL':
    case 'UNEXPECTED_TOOL_CALL':
      return 'error';
    default:
      return 'unknown';
  }
}

function logprobsOf(result: unknown): readonly TokenLogprob[] {
  return listOf(membersOf(result)['chosenCandidates']).flatMap((entry) => {
    const { token, logProbability: logprob } = membersOf(entry);
    return typeof token === 'string' && typeof logprob === 'number' ? [{ token, logprob }] : [];
  });
}

/** Gemini counts thoughts beside the answer; here they are part of it. */
function usageOf(counts: Members): Usage {
  const thoughts = countOf(counts['thoughtsTokenCount']);
  return {
    ...NO_USAGE,
    calls: 1,
    unpricedCalls: 1,
    inputTokens: countOf(counts['promptTokenCount']) + countOf(counts['toolUsePromptTokenCount']),
    cachedInputTokens: countOf(counts['cachedContentTokenCount']),
    outputTokens: countOf(counts['candidatesTokenCount']) + thoughts,
    reasoningTokens: thoughts,
  };
}
