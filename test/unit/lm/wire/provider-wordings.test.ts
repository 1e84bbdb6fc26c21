import { describe, expect, test } from 'vitest';
import { isRetryable, type LMError } from '../../../../src/core/errors/lm-errors';
import { messagesFormat } from '../../../../src/lm/clients/anthropic/messages-format';
import { GENERATE_FORMAT } from '../../../../src/lm/clients/gemini/generate-format';
import { chatFormat } from '../../../../src/lm/clients/openai/chat-format';
import { RESPONSES_FORMAT } from '../../../../src/lm/clients/openai/responses-format';
import { CONTEXT } from '../../../faults/wordings/context';
import { OTHERS } from '../../../faults/wordings/others';
import { QUOTA } from '../../../faults/wordings/quota';
import { SAFETY } from '../../../faults/wordings/safety';
import type { Wording } from '../../../faults/wordings/wording';
import { exchange } from './exchange';

const FORMATS = {
  chat: chatFormat(),
  responses: RESPONSES_FORMAT,
  anthropic: messagesFormat(),
  gemini: GENERATE_FORMAT,
};

function errorOf({ speaks, status, body }: Wording): LMError {
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  if (status !== 200) return FORMATS[speaks].failure(text, exchange(status)) as LMError;
  try {
    FORMATS[speaks].read(text, exchange(status));
  } catch (error) {
    return error as LMError;
  }
  throw new Error('no failure was read');
}

describe.each([
  ['a full context window', CONTEXT, false],
  ['an empty account', QUOTA, false],
  ['a filter', SAFETY, false],
])('%s, in the words of', (_what, wordings, retryable) => {
  test.each(wordings.map((wording) => [wording.who, wording] as const))('%s', (_who, wording) => {
    const error = errorOf(wording);
    expect(error.constructor).toBe(wording.is);
    expect(isRetryable(error)).toBe(retryable);
  });
});

describe('is not mixed up with', () => {
  test.each(OTHERS.map((wording) => [wording.who, wording] as const))('%s', (_who, wording) => {
    expect(errorOf(wording).constructor).toBe(wording.is);
  });
});

test('a wording far into a long sentence is found, and a megabyte of words is not searched through', () => {
  const long = `${'x'.repeat(500)} maximum context length`;
  const body = (message: string) => ({
    who: '',
    speaks: 'anthropic' as const,
    status: 400,
    body: { error: { message } },
    is: Error as never,
  });
  expect(errorOf(body(long)).code).toBe('CONTEXT_WINDOW_EXCEEDED');
  expect(errorOf(body(`${'x'.repeat(1_000_000)} maximum context length`)).code).toBe('LM_INVALID_REQUEST');
});
