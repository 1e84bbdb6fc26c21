import { expect } from 'vitest';
import { CircuitOpenError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { answer, ask, failureOf, gauge, pass, setUp, textOf } from '../../resilient-client';

const CALLERS = 1_000;

faultRow(42, 'a thousand callers meet a circuit that is half open', async (context) => {
  const { peaks, hold } = gauge();
  const { server, lm } = await setUp(
    context,
    [
      500,
      async ({ reply }) => {
        await hold(10);
        await reply(200, answer('well'));
      },
    ],
    { attempts: 1, breaker: { preset: 'strict', failures: 1, openMs: 30 } },
  );
  await failureOf(ask(lm));
  await pass(40);
  const outcomes = await Promise.allSettled(Array.from({ length: CALLERS }, () => ask(lm)));
  const refused = outcomes.filter(({ status }) => status === 'rejected');
  expect(refused).toHaveLength(CALLERS - 1);
  for (const one of refused) expect((one as PromiseRejectedResult).reason).toBeInstanceOf(CircuitOpenError);
  expect(server.requests).toHaveLength(2);
  expect(peaks).toEqual([1]);

  // The probe was answered. The next thousand wait for their turn: 2 at a time, then 4, then 8, then all.
  const texts = await Promise.all(Array.from({ length: CALLERS }, () => textOf(lm)));
  expect(texts.every((text) => text === 'well')).toBe(true);
  const after = peaks.slice(1);
  expect(Math.max(...after.slice(0, 2))).toBeLessThanOrEqual(2);
  expect(Math.max(...after.slice(2, 6))).toBeLessThanOrEqual(4);
  expect(Math.max(...after.slice(6, 14))).toBeLessThanOrEqual(8);
  expect(Math.max(...after)).toBeLessThanOrEqual(256);
  expect(after).toHaveLength(CALLERS);
  return {
    happened: '1 probe and 999 refusals at once; then at most 2, 4, 8 in flight',
    attempts: '1 for 1,000 callers',
  };
});

faultRow(42, 'a probe whose server never answers, with a caller who gives up', async (context) => {
  const { server, lm } = await setUp(context, [500, ({ pause }) => pause(60_000), 'well'], {
    attempts: 1,
    breaker: { preset: 'strict', failures: 1, openMs: 20 },
  });
  await failureOf(ask(lm));
  await pass(30);
  const controller = new AbortController();
  const probe = ask(lm, { signal: controller.signal });
  await expect.poll(() => server.requests.length, { interval: 1 }).toBe(2);
  expect(await failureOf(ask(lm))).toBeInstanceOf(CircuitOpenError);
  controller.abort(new Error('had enough'));
  await expect(probe).rejects.toThrow('had enough');
  expect(await textOf(lm)).toBe('well');
  return { happened: 'the next call was the next probe', attempts: server.requests.length };
});
