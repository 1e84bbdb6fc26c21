import { LMInvalidResponseError } from '../../../core/errors/lm-errors';
import type { LMDelta } from '../../../core/primitives/lm-delta';
import type { LMCompletion, LMResponse, TokenLogprob } from '../../../core/primitives/lm-response';
import { NO_USAGE, type Usage } from '../../../core/primitives/usage';
import { statedCost } from '../prices/stated-cost';
import { excerpt } from '../redact';
import { AnswerSoFar } from '../wire/answer-so-far';
import { finishAnswer } from '../wire/finish-answer';
import { countOf, isMembers, listOf, type Members, membersOf, stringOf } from '../wire/members';
import { errorOfFailure } from '../wire/provider-failure';
import { readBody } from '../wire/read-body';
import type { Exchange } from '../wire/wire-format';

/** The response in the body of a chat completion, frozen. Throws a typed `LMError` when there is none in it. */
export function readChatCompletion(text: string, exchange: Exchange): LMResponse {
  const { status, about, redact } = exchange;
  const invalid = (problem: string) =>
    new LMInvalidResponseError(`${problem}. The body begins: ${excerpt(text, redact)}`, { ...about, status });
  const body = readBody(text);
  if (body === undefined) throw invalid('The answer is not a JSON object');
  const failure = failureInBody(body, text, exchange);
  if (failure !== undefined) throw failure;
  const choices = body['choices'];
  if (!Array.isArray(choices)) throw invalid('The answer has no list of choices');
  if (choices.length === 0) throw invalid('The list of choices is empty');
  const answer = new AnswerSoFar();
  answer.id = stringOf(body['id']);
  answer.model = stringOf(body['model']);
  answer.usage = readUsage(body['usage']);
  for (const [index, choice] of choices.entries()) {
    if (!isMembers(choice) || !isMembers(choice['message'])) throw invalid('A choice has no message');
    readChoice(answer, index, choice, choice['message']);
  }
  return finishAnswer(answer, exchange);
}

/**
 * The failure that a gateway reports under status 200, or in the middle of a stream: a member `error`, or `named` when the event
 * itself is called an error.
 */
export function failureInBody(
  body: Members | undefined,
  text: string,
  exchange: Exchange,
  named = false,
): Error | undefined {
  const error = body?.['error'];
  const told = named || isMembers(error) || (typeof error === 'string' && error !== '');
  if (!told) return undefined;
  const code = countOf(membersOf(error)['code'] ?? body?.['code']);
  return failureOf(text, { ...exchange, status: code >= 400 && code < 600 ? code : 502 });
}

/** The error of an answer whose status says failure. */
export function failureOf(text: string, { status, about, redact }: Exchange): Error {
  const body = readBody(text);
  const error = isMembers(body?.['error']) ? body['error'] : body;
  const message = stringOf(error?.['message']) ?? stringOf(error?.['detail']) ?? stringOf(body?.['error']) ?? text;
  const told = stringOf(error?.['code']) ?? stringOf(error?.['type']);
  const code = told === undefined ? undefined : excerpt(told, redact);
  return errorOfFailure({ status, code, message: excerpt(message, redact), wording: message }, about);
}

function readChoice(answer: AnswerSoFar, index: number, choice: Members, message: Members): void {
  const completion = answer.at(index);
  completion.finishReason = readFinishReason(choice['finish_reason']);
  completion.refusal = stringOf(message['refusal']) ?? '';
  const reasoning = stringOf(message['reasoning_content']) ?? stringOf(message['reasoning']);
  if (reasoning) answer.add({ index, reasoning });
  const text = readContent(message['content']);
  if (text !== undefined) answer.add({ index, text });
  const calls = listOf(message['tool_calls']);
  if (calls.length > 0) readToolCalls(answer, index, calls);
  const logprobs = readLogprobs(choice['logprobs']);
  if (logprobs !== undefined) completion.logprobs.push(...logprobs);
}

/** A call without a name is none. */
function readToolCalls(answer: AnswerSoFar, index: number, calls: readonly unknown[]): void {
  const named = calls
    .filter(isMembers)
    .map((call, place) => readToolCall(call, place))
    .filter(({ name }) => name !== undefined);
  for (const [place, call] of named.entries()) answer.add({ index, toolCall: { ...call, index: place } });
}

/** A call of a function, or a piece of one. Some servers give the arguments as an object. */
export function readToolCall(call: Members, index: number): NonNullable<LMDelta['toolCall']> {
  const named = membersOf(call['function']);
  const given = named['arguments'];
  const text = stringOf(given) ?? (isMembers(given) ? JSON.stringify(given) : undefined);
  const id = stringOf(call['id']);
  const name = stringOf(named['name']);
  return {
    index,
    ...(id === undefined ? {} : { id }),
    ...(name === undefined ? {} : { name }),
    ...(text === undefined ? {} : { arguments: text }),
  };
}

/** The text of a content, which may be a list of parts. */
export function readContent(content: unknown): string | undefined {
  if (typeof content === 'string') return content;
  if (!Array.isArray(content)) return undefined;
  return content.flatMap((part) => (isMembers(part) ? (stringOf(part['text']) ?? []) : [])).join('');
}

/** Why an answer ended; `unknown` for whatever is not known. */
export function readFinishReason(reason: unknown): LMCompletion['finishReason'] {
  switch (reason) {
    case 'stop':
    case 'length':
    case 'tool_calls':
    case 'content_filter':
    case 'error':
      return reason;
    case 'function_call':
      return 'tool_calls';
    default:
      return 'unknown';
  }
}

/** The log-probabilities of the tokens, where there are any. */
export function readLogprobs(logprobs: unknown): readonly TokenLogprob[] | undefined {
  if (!isMembers(logprobs) || !Array.isArray(logprobs['content'])) return undefined;
  return logprobs['content'].flatMap((entry) =>
    isMembers(entry) && typeof entry['token'] === 'string' && typeof entry['logprob'] === 'number'
      ? [{ token: entry['token'], logprob: entry['logprob'] }]
      : [],
  );
}

/** What the server counted. */
export function readUsage(usage: unknown): Usage {
  const counts = isMembers(usage) ? usage : {};
  const details = isMembers(counts['prompt_tokens_details']) ? counts['prompt_tokens_details'] : {};
  const answered = isMembers(counts['completion_tokens_details']) ? counts['completion_tokens_details'] : {};
  return {
    ...NO_USAGE,
    calls: 1,
    unpricedCalls: 1,
    inputTokens: countOf(counts['prompt_tokens']),
    outputTokens: countOf(counts['completion_tokens']),
    // DeepSeek counts its hits under a name of its own.
    cachedInputTokens: countOf(details['cached_tokens']) || countOf(counts['prompt_cache_hit_tokens']),
    reasoningTokens: countOf(answered['reasoning_tokens']),
    ...statedCost(counts),
  };
}
