import { LMInvalidResponseError } from '../../../core/errors/lm-errors';
import type { LMResponse, TokenLogprob } from '../../../core/primitives/lm-response';
import { NO_USAGE, type Usage } from '../../../core/primitives/usage';
import { excerpt, type Redact } from '../redact';
import { AnswerSoFar, type CompletionSoFar } from '../wire/answer-so-far';
import { finishAnswer } from '../wire/finish-answer';
import { countOf, isMembers, listOf, type Members, membersOf, stringOf } from '../wire/members';
import { errorOfFailure } from '../wire/provider-failure';
import { readBody } from '../wire/read-body';
import type { Exchange } from '../wire/wire-format';

/** The status that goes with a code, for failures that are told under status 200. */
const STATUS: Readonly<Record<string, number>> = {
  rate_limit_exceeded: 429,
  server_error: 500,
  server_is_overloaded: 503,
  vector_store_timeout: 504,
  invalid_prompt: 400,
  context_length_exceeded: 400,
};

/** The response in a body, frozen. Throws a typed `LMError` when there is none in it. */
export function readResponses(text: string, exchange: Exchange): LMResponse {
  const { status, about, redact } = exchange;
  const body = readBody(text);
  if (body !== undefined && (isMembers(body['error']) || body['status'] === 'failed'))
    throw toldFailure(body['error'], exchange);
  if (body === undefined || !Array.isArray(body['output'])) {
    const problem = body === undefined ? 'The answer is not a JSON object' : 'The answer has no list of output';
    throw new LMInvalidResponseError(`${problem}. The body begins: ${excerpt(text, redact)}`, { ...about, status });
  }
  return readOutput(body, exchange);
}

/** The response of a body that has output. */
export function readOutput(body: Members, exchange: Exchange): LMResponse {
  const answer = new AnswerSoFar();
  const completion = answer.at(0);
  readFacts(answer, body);
  let calls = 0;
  for (const item of listOf(body['output']).filter(isMembers)) {
    if (item['type'] === 'message') readMessage(item, answer, completion);
    if (item['type'] === 'reasoning') {
      const thoughts = [...textsIn(item['summary']), ...textsIn(item['content'])].join('\n\n');
      if (thoughts !== '') completion.reasoning.push(thoughts);
    }
    if (item['type'] === 'function_call') {
      const id = stringOf(item['call_id']);
      const name = stringOf(item['name']);
      const known = { ...(id === undefined ? {} : { id }), ...(name === undefined ? {} : { name }) };
      answer.add({ index: 0, toolCall: { index: calls++, ...known, arguments: stringOf(item['arguments']) ?? '' } });
    }
  }
  setFinishReason(completion, body);
  return finishAnswer(answer, exchange);
}

/** Id, model and counts of a response object. */
export function readFacts(answer: AnswerSoFar, body: Members): void {
  answer.id ??= stringOf(body['id']);
  answer.model ??= stringOf(body['model']);
  if (isMembers(body['usage'])) answer.usage = usageOf(body['usage']);
}

/** Why a response ended. */
export function setFinishReason(completion: CompletionSoFar, body: Members): void {
  const reason = membersOf(body['incomplete_details'])['reason'];
  if (body['status'] !== 'incomplete')
    completion.finishReason = completion.toolCalls.length > 0 ? 'tool_calls' : 'stop';
  else if (reason === 'max_output_tokens') completion.finishReason = 'length';
  else completion.finishReason = reason === 'content_filter' ? 'content_filter' : 'unknown';
}

/** The error of a failure that came under status 200, whole or in a stream. */
export function toldFailure(given: unknown, { about, redact }: Exchange): Error {
  const error = membersOf(given);
  const code = stringOf(error['code']) ?? stringOf(error['type']);
  const message = stringOf(error['message']) ?? 'no explanation.';
  const status = (Object.hasOwn(STATUS, code ?? '') ? STATUS[code as string] : undefined) ?? 500;
  return errorOfFailure(
    { status, code: shownCode(code, redact), message: excerpt(message, redact), wording: message },
    about,
  );
}

function shownCode(code: string | undefined, redact: Redact): string | undefined {
  return code === undefined ? undefined : excerpt(code, redact);
}

function readMessage(item: Members, answer: AnswerSoFar, completion: CompletionSoFar): void {
  for (const part of listOf(item['content']).filter(isMembers)) {
    if (part['type'] === 'refusal') completion.refusal += stringOf(part['refusal']) ?? '';
    if (part['type'] !== 'output_text') continue;
    answer.add({ index: 0, text: stringOf(part['text']) ?? '' });
    completion.citations.push(...listOf(part['annotations']).filter(isMembers));
    completion.logprobs.push(...logprobsOf(part['logprobs']));
  }
}

function logprobsOf(logprobs: unknown): readonly TokenLogprob[] {
  return listOf(logprobs).flatMap((entry) => {
    const { token, logprob } = membersOf(entry);
    return typeof token === 'string' && typeof logprob === 'number' ? [{ token, logprob }] : [];
  });
}

function textsIn(parts: unknown): readonly string[] {
  return listOf(parts).flatMap((part) => stringOf(membersOf(part)['text']) ?? []);
}

function usageOf(counts: Members): Usage {
  return {
    ...NO_USAGE,
    calls: 1,
    unpricedCalls: 1,
    inputTokens: countOf(counts['input_tokens']),
    cachedInputTokens: countOf(membersOf(counts['input_tokens_details'])['cached_tokens']),
    outputTokens: countOf(counts['output_tokens']),
    reasoningTokens: countOf(membersOf(counts['output_tokens_details'])['reasoning_tokens']),
  };
}
