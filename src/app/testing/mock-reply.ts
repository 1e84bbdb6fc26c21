import type { Message } from '../../core/primitives/message';
import { textOf } from '../../core/primitives/message';
import { chatAnswer, chatChunks } from './faults/chat-bodies';

/** The body of a chat-completions request, as it came over the wire. */
export interface MockRequestBody {
  readonly model?: string;
  readonly messages?: readonly Message[];
  readonly n?: number;
  readonly [option: string]: unknown;
}

/** A reply in full. Without `text` and `body` the reply is an ordinary completion, or for a status of 400 up an error. */
export interface MockReplyParts {
  /** The text of the completion; several are several choices. */
  readonly text?: string | readonly string[];
  /** HTTP status; default 200. */
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** The whole body: a string is sent as it is, anything else as JSON. */
  readonly body?: unknown;
  /** Wait before the reply, in milliseconds, beside the server's `latencyMs`. */
  readonly delayMs?: number;
  /** Of a streamed reply: wait after each piece, in milliseconds; default none. */
  readonly pieceMs?: number;
  /** Cuts the connection instead: before any byte (a reset), or in the middle of the body. */
  readonly cut?: 'connection' | 'body';
  /** Why the model stopped; default `stop`. */
  readonly finishReason?: string;
}

/** What the mock answers: the text of the completion, or a reply in full. */
export type MockReply = string | MockReplyParts;

/** Replies in order (the last one repeats), one reply for all, or a function of the body and the request's index (from 0). */
export type MockScript =
  | MockReply
  | readonly MockReply[]
  | ((body: MockRequestBody, index: number) => MockReply | Promise<MockReply>);

/** The scripted reply to one request. */
export async function scriptedReply(
  script: MockScript | undefined,
  body: MockRequestBody,
  index: number,
): Promise<MockReplyParts> {
  const reply = await choose(script, body, index);
  return typeof reply === 'string' ? { text: reply } : reply;
}

function choose(script: MockScript | undefined, body: MockRequestBody, index: number): MockReply | Promise<MockReply> {
  if (script === undefined) return unscripted(body);
  if (typeof script === 'function') return script(body, index);
  if (isList(script)) return script[Math.min(index, script.length - 1)] ?? unscripted(body);
  return script;
}

/** The body of an HTTP reply in OpenAI's shape. */
export function replyBody(reply: MockReplyParts, request: MockRequestBody, index: number): string {
  if (typeof reply.body === 'string') return reply.body;
  if (reply.body !== undefined) return JSON.stringify(reply.body);
  const status = reply.status ?? 200;
  if (status >= 400)
    return JSON.stringify({ error: { message: `mock status ${status}`, type: 'mock_error', code: null } });
  return JSON.stringify(completionBody(reply, request, index));
}

/** The events of a streamed reply, as their data; `undefined` when the reply is none: an error, or a body of its own. */
export function replyEvents(
  reply: MockReplyParts,
  request: MockRequestBody,
  index: number,
): readonly string[] | undefined {
  if (request['stream'] !== true || reply.body !== undefined || (reply.status ?? 200) >= 400) return undefined;
  const { texts, usage } = answerOf(reply, request);
  const chunks = chatChunks(texts, { ...aboutOf(reply, request, index), usage });
  const options = request['stream_options'] as { readonly include_usage?: unknown } | undefined;
  return options?.include_usage === true ? chunks : chunks.filter((chunk) => !chunk.includes('"choices":[],"usage"'));
}

function completionBody(reply: MockReplyParts, request: MockRequestBody, index: number): object {
  const { texts, usage } = answerOf(reply, request);
  return chatAnswer(texts, { ...aboutOf(reply, request, index), usage });
}

function aboutOf(reply: MockReplyParts, request: MockRequestBody, index: number) {
  return {
    id: `chatcmpl-mock-${index}`,
    model: request.model ?? 'mock',
    finishReason: reply.finishReason ?? 'stop',
  };
}

function answerOf(reply: MockReplyParts, request: MockRequestBody) {
  const given = reply.text ?? unscripted(request);
  const texts = typeof given === 'string' ? Array.from({ length: request.n ?? 1 }, () => given) : given;
  const usage = { prompt_tokens: words((request.messages ?? []).map(textOf)), completion_tokens: words(texts) };
  return { texts, usage };
}

/** Fills every output field that the prompt asks for in the chat layout; else a plain sentence. */
function unscripted(body: MockRequestBody): string {
  const last = body.messages?.at(-1);
  const asked = last === undefined ? [] : [...textOf(last).matchAll(/`\[\[ ## (\w+) ## \]\]`/gu)];
  const fields = asked.map((found) => found[1]).filter((name) => name !== 'completed');
  if (fields.length === 0) return 'a mock answer';
  const filled = [...new Set(fields)].map((name) => `[[ ## ${name} ## ]]\na mock ${name}`);
  return [...filled, '[[ ## completed ## ]]'].join('\n\n');
}

/** Tokens of the mock are words, so that a test can foretell them. */
function words(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + text.split(/\s+/u).filter((word) => word !== '').length, 0);
}

function isList(script: MockScript): script is readonly MockReply[] {
  return Array.isArray(script);
}
