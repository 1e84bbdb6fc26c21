import { expect } from 'vitest';
import { LMQuotaError, LMRateLimitError, LMServerError } from '../../../../src/core/errors/lm-errors';
import { ask, failureOf, listener, piece, serverOf, streamed, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

const SECRET = 'sk-canary-stream-0001';

for (const [what, data, name, errorClass] of [
  ['a rate limit', { error: { message: `slow down ${SECRET}`, code: 429 } }, undefined, LMRateLimitError],
  ['an empty account', { error: { message: 'no', code: 'insufficient_quota' } }, undefined, LMQuotaError],
  ['an overload', { error: { message: 'overloaded', type: 'overloaded_error' } }, 'error', LMServerError],
  ['a sentence', { error: 'it broke' }, undefined, LMServerError],
  ['an event that is called an error', 'it broke', 'error', LMServerError],
] as const) {
  faultRow(28, `${what}, told in the stream after a piece`, async (context) => {
    const server = await serverOf(context, async (exchange) => {
      await exchange.stream();
      await exchange.event(piece('half'));
      await exchange.event(data, name);
      await exchange.pause(10_000);
    });
    const { onDelta } = listener();
    const error = await failureOf(ask(triesThrice(context, server.url, { apiKey: SECRET }), { onDelta }));
    expect(error).toBeInstanceOf(errorClass);
    expect(error.details.partial?.texts).toEqual(['half']);
    expect(error.attempts).toBe(1);
    expect(error.message).not.toContain(SECRET);
    await expect.poll(() => server.open).toBe(0);
    return { happened: `${error.code} with the text so far; the body is released`, attempts: server.requests.length };
  });
}

faultRow(28, 'an error told in the stream before any piece', async (context) => {
  const server = await serverOf(context, async (exchange, index) => {
    if (index > 0) return streamed(exchange, ['yes']);
    await exchange.stream();
    await exchange.event({ error: { message: 'overloaded', code: 503 } });
    await exchange.pause(10_000);
  });
  const { texts, onDelta } = listener();
  const response = await ask(triesThrice(context, server.url), { onDelta });
  expect(response.attempts).toBe(2);
  expect(texts).toEqual(['yes']);
  return { happened: 'tried again', attempts: server.requests.length };
});
