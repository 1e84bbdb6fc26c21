import { expect } from 'vitest';
import { LMTimeoutError } from '../../../../src/core/errors/lm-errors';
import { ask, bareClient, failureOf, listener, piece, serverOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

faultRow(9, 'stream that stalls between two events', async (context) => {
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    await exchange.event(piece('half'));
    await exchange.pause(60_000);
  });
  const lm = triesThrice(context, server.url, { idleMs: 80 });
  const { onDelta } = listener();
  const error = await failureOf(ask(lm, { onDelta }));
  expect(error).toBeInstanceOf(LMTimeoutError);
  expect(error.message).toContain('a gap of more than 80 ms in the stream');
  expect(error.details.partial?.texts).toEqual(['half']);
  expect(error.attempts).toBe(1);
  await expect.poll(() => server.open).toBe(0);
  return { happened: 'LMTimeoutError that names the gap of 80 ms, with the text so far', attempts: 1 };
});

faultRow(9, 'stream that is slow, with a listener that is slower', async (context) => {
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    for (const text of ['a', 'b', 'c']) {
      await exchange.event(piece(text));
      await exchange.pause(40);
      await exchange.chunk(': still here\n\n');
      await exchange.pause(40);
    }
    await exchange.event(piece('', { finish_reason: 'stop' }));
    await exchange.event('[DONE]');
    await exchange.endChunks();
  });
  const lm = bareClient(context, server.url, { idleMs: 300 });
  const onDelta = () => new Promise<void>((resolve) => setTimeout(resolve, 400));
  const response = await ask(lm, { onDelta });
  expect(response.completions[0]?.text).toBe('abc');
  return { happened: 'answered: the time a listener takes is no gap of the server', attempts: 1 };
});
