import type { LMRequest } from '../../../core/primitives/lm-request';
import { textOf } from '../../../core/primitives/message';

/** Letters of a token in most languages; a little few, so that the estimate is a little high. */
const CHARACTERS_A_TOKEN = 3.5;

/** What an answer takes when the request does not bound it. */
const USUAL_ANSWER = 500;

/** Tokens that a request may take, prompt and answers, for limits a minute; what it really took is settled afterwards. */
export function estimateTokens({ messages, options }: LMRequest): number {
  const characters = messages.reduce((sum, message) => sum + textOf(message).length, 0);
  return Math.ceil(characters / CHARACTERS_A_TOKEN) + (options.maxTokens ?? USUAL_ANSWER) * (options.n ?? 1);
}
