import {
  LMContentFilterError,
  LMEmptyAnswerError,
  LMInvalidResponseError,
  LMRefusalError,
} from '../../../core/errors/lm-errors';
import type { LMCompletion, LMResponse, LMToolCall, TokenLogprob } from '../../../core/primitives/lm-response';
import { NO_USAGE, type Usage } from '../../../core/primitives/usage';
import { deepFreeze } from '../../../core/util/deep-freeze';
import { statedCost } from '../prices/stated-cost';
import { excerpt } from '../redact';
import { countOf, isMembers, type Members, membersOf, stringOf } from '../wire/members';
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
  const read = choices.map((choice) => {
    if (!isMembers(choice) || !isMembers(choice['message'])) throw invalid('A choice has no message');
    return readChoice(choice, choice['message'], exchange);
  });
  const completions = read.filter((one): one is LMCompletion => !(one instanceof Error));
  if (completions.length === 0) throw read[0];
  return deepFreeze<LMResponse>({
    model: stringOf(body['model']) ?? about.model ?? '',
    completions,
    usage: readUsage(body['usage']),
    ...(stringOf(body['id']) === undefined ? {} : { id: String(body['id']) }),
    cached: false,
    attempts: 1,
  });
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
  const shown = excerpt(message, redact);
  const location =
    status >= 300 && status < 400 ? ' Redirects are not followed, because they would carry the key along.' : '';
  const sentence = `${shown === '' ? 'no explanation.' : shown}${location}`;
  return errorOfFailure({ status, code, message: sentence, wording: message }, about);
}

function readChoice(choice: Members, message: Members, { about }: Exchange): LMCompletion | Error {
  const finishReason = readFinishReason(choice['finish_reason']);
  const content = readContent(message['content']);
  const refusal = stringOf(message['refusal']);
  if (content === undefined || content === '') {
    if (refusal !== undefined && refusal !== '') return new LMRefusalError('The model refused to answer.', about);
    if (finishReason === 'content_filter') return new LMContentFilterError('The answer was filtered away.', about);
    const calls = message['tool_calls'];
    const toldWhy = finishReason === 'length' || (Array.isArray(calls) && calls.length > 0);
    if (content === undefined && !toldWhy) return new LMEmptyAnswerError('The model answered nothing.', about);
  }
  const reasoning = stringOf(message['reasoning_content']) ?? stringOf(message['reasoning']);
  const logprobs = readLogprobs(choice['logprobs']);
  const toolCalls = readToolCalls(message['tool_calls']);
  return {
    text: content ?? '',
    finishReason,
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(logprobs === undefined ? {} : { logprobs }),
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  };
}

/** Calls of functions; a call without a name is none. Some servers give the arguments as an object. */
function readToolCalls(calls: unknown): readonly LMToolCall[] {
  if (!Array.isArray(calls)) return [];
  return calls.flatMap((call): LMToolCall[] => {
    const named = isMembers(call) && isMembers(call['function']) ? call['function'] : undefined;
    const name = stringOf(named?.['name']);
    if (named === undefined || name === undefined) return [];
    const given = named['arguments'];
    const id = stringOf(call.id);
    return [{ ...(id === undefined ? {} : { id }), name, arguments: stringOf(given) ?? JSON.stringify(given ?? {}) }];
  });
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
