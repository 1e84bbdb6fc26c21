import type { LMError } from '../../../src/core/errors/lm-errors';

/** A client that a wording is sent to. */
export type Speaks = 'chat' | 'responses' | 'anthropic' | 'gemini';

/** What a provider answers, and which error it is. */
export interface Wording {
  readonly who: string;
  readonly speaks: Speaks;
  readonly status: number;
  readonly body: unknown;
  readonly is: abstract new (...args: never[]) => LMError;
}

/** An error as OpenAI and most others write it. */
export const openai = (message: string, code: string | null = null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});
/** An error of Anthropic. */
export const anthropic = (type: string, message: string, more: object = {}) => ({
  type: 'error',
  error: { type, message, ...more },
});
/** An error of Gemini. */
export const gemini = (code: number, status: string, message: string, details: object[] = []) => ({
  error: { code, status, message, details },
});
/** A wording of a provider that speaks chat completions. */
export const chat = (who: string, status: number, body: unknown, is: Wording['is']): Wording => ({
  who,
  speaks: 'chat',
  status,
  body,
  is,
});
