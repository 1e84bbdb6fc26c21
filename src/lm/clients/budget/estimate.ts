import type { LMCapabilities } from '../../../core/ports/lm';
import type { LMRequest } from '../../../core/primitives/lm-request';
import type { ContentPart, Message } from '../../../core/primitives/message';
import { mostCost, type Price } from '../../../core/primitives/price';
import type { Estimate } from '../../../core/settings/budget';

/**
 * A token is taken for two bytes of UTF-8. English text has about four, other scripts and code about three; only digits and
 * random letters come near two.
 */
const BYTES_PER_TOKEN = 2;
/** What surrounds a message: its role, its separators. */
const TOKENS_PER_MESSAGE = 16;
/** Above what an image takes at the finest setting of the large providers. */
const TOKENS_PER_IMAGE = 3000;
/** Sounds and documents are sent as base64 and read as far fewer tokens. */
const BYTES_PER_MEDIA_TOKEN = 4;
/** The longest answer, where neither the request nor the model's facts say one. */
const OUTPUT_TOKENS = 4096;

/** What a request may need at most: its text by length, and the longest answer that was allowed, for every completion. */
export function estimateOf(request: LMRequest, capabilities: LMCapabilities, price: Price | undefined): Estimate {
  const { messages, options } = request;
  let inputTokens = tokensOf(options.tools) + tokensOf(options.responseFormat) + tokensOf(options.extra);
  for (const message of messages) inputTokens += tokensOfMessage(message);
  const longest = options.maxTokens ?? capabilities.maxOutputTokens ?? OUTPUT_TOKENS;
  const outputTokens = longest * (options.n ?? 1);
  return {
    calls: 1,
    tokens: inputTokens + outputTokens,
    usd: price === undefined ? undefined : mostCost(inputTokens, outputTokens, price),
  };
}

function tokensOfMessage({ content, toolCalls }: Message): number {
  const calls = TOKENS_PER_MESSAGE + tokensOf(toolCalls);
  if (content === null) return calls;
  if (typeof content === 'string') return calls + tokensOfText(content);
  return content.reduce((sum, part) => sum + tokensOfPart(part), calls);
}

function tokensOfPart(part: ContentPart): number {
  if (part.type === 'text') return tokensOfText(String(part['text']));
  if (part.type.includes('image')) return TOKENS_PER_IMAGE;
  return Math.ceil((tokensOf(part) * BYTES_PER_TOKEN) / BYTES_PER_MEDIA_TOKEN) + TOKENS_PER_MESSAGE;
}

function tokensOf(value: unknown): number {
  return value === undefined ? 0 : tokensOfText(JSON.stringify(value) ?? '');
}

/** The most tokens that a text can be. */
export function tokensOfText(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}
