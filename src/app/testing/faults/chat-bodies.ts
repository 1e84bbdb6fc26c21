import { monotonicMs } from '../../../core/util/clock';
import type { FaultScript } from '../fault-server';

/** What an answer in OpenAI's chat shape says beside its text. */
export interface ChatBodyParts {
  /** Default `chatcmpl-mock`. */
  readonly id?: string;
  /** Default `mock`. */
  readonly model?: string;
  /** Default `stop`. */
  readonly finishReason?: string;
  /** Default: words for tokens, of the answer alone. */
  readonly usage?: { readonly prompt_tokens: number; readonly completion_tokens: number };
}

/** The body of an answer, in OpenAI's chat shape. Several texts are several choices. */
export function chatAnswer(text: string | readonly string[], parts: ChatBodyParts = {}): object {
  const texts = typeof text === 'string' ? [text] : text;
  return {
    id: parts.id ?? 'chatcmpl-mock',
    object: 'chat.completion',
    created: 0,
    model: parts.model ?? 'mock',
    choices: texts.map((content, index) => ({
      index,
      message: { role: 'assistant', content, refusal: null },
      finish_reason: parts.finishReason ?? 'stop',
      logprobs: null,
    })),
    usage: usageOf(texts, parts),
  };
}

/**
 * The same answer as the data of the events of a stream: a first piece with the role, the text word by word, a last piece that says why
 * it ended, the usage, and `[DONE]`.
 */
export function chatChunks(text: string | readonly string[], parts: ChatBodyParts = {}): readonly string[] {
  const texts = typeof text === 'string' ? [text] : text;
  const chunk = (choices: readonly object[], more: object = {}) =>
    JSON.stringify({
      id: parts.id ?? 'chatcmpl-mock',
      object: 'chat.completion.chunk',
      created: 0,
      model: parts.model ?? 'mock',
      choices,
      ...more,
    });
  const piece = (index: number, delta: object, finish_reason: string | null = null) =>
    chunk([{ index, delta, finish_reason }]);
  return [
    ...texts.flatMap((whole, index) => [
      piece(index, { role: 'assistant', content: '' }),
      ...wordsOf(whole).map((content) => piece(index, { content })),
      piece(index, {}, parts.finishReason ?? 'stop'),
    ]),
    chunk([], { usage: usageOf(texts, parts) }),
    '[DONE]',
  ];
}

/**
 * Answers like `answer`, but no more than `perSecond` requests in any second: those above get a 429 with the wait that it takes, as
 * `retry-after-ms`.
 */
export function rateLimited(perSecond: number, answer: FaultScript): FaultScript {
  const taken: number[] = [];
  return (exchange, index) => {
    const now = monotonicMs();
    while (taken.length > 0 && (taken[0] as number) <= now - 1_000) taken.shift();
    if (taken.length < perSecond) {
      taken.push(now);
      return answer(exchange, index);
    }
    const waitMs = Math.max(1, Math.ceil((taken[0] as number) + 1_000 - now));
    const error = { message: `more than ${perSecond} requests in a second`, type: 'rate_limit_error', code: null };
    return exchange.reply(429, { error }, { 'retry-after-ms': String(waitMs) });
  };
}

function usageOf(texts: readonly string[], { usage }: ChatBodyParts): object {
  const words = texts.reduce((sum, text) => sum + text.split(/\s+/u).filter((word) => word !== '').length, 0);
  const { prompt_tokens, completion_tokens } = usage ?? { prompt_tokens: 0, completion_tokens: words };
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens };
}

/** Words with the blanks before them: joined they are the text again. */
function wordsOf(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}
