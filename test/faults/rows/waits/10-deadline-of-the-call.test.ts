import { expect, vi } from 'vitest';
import { LMServerError, LMTimeoutError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { ask, failureOf, pass, setUp } from '../../resilient-client';

/** The lengths of all timers that resilience sets from now until the row ends. */
function timersOf(after: (cleanUp: () => unknown) => void): readonly number[] {
  const lengths: number[] = [];
  const real = globalThis.setTimeout;
  const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((callback: () => void, ms = 0) => {
    // Fair timers are also what connections have, whose limit is another one.
    const frames = new Error().stack?.split('\n').filter((line) => !line.includes('fair-timer')) ?? [];
    const setter = frames.find((line) => line.includes('/src/'));
    if (setter?.includes('/resilience/')) lengths.push(ms);
    return real(callback, ms);
  }) as typeof setTimeout);
  after(() => spy.mockRestore());
  return lengths;
}

faultRow(10, 'the deadline of the call is shorter than its attempts: no wait reaches past it', async (context) => {
  const { server, lm } = await setUp(context, [500], {
    attempts: 6,
    baseDelayMs: 120,
    random: () => 1,
    deadlineMs: 1_000,
  });
  const timers = timersOf(context.after);
  const startedAt = performance.now();
  const error = await failureOf(ask(lm));
  // Waits of 120, 240 and 480 ms fit; the next one of 960 ms is not begun.
  expect(error).toBeInstanceOf(LMServerError);
  expect(server.requests.length).toBeLessThanOrEqual(4);
  expect(error.attempts).toBe(server.requests.length);
  expect(performance.now() - startedAt).toBeLessThan(1_000);
  expect(timers.length).toBeGreaterThan(0);
  // An attempt has 20 ms of grace, in which a client that keeps its deadline says what it waited for.
  for (const ms of timers) expect(ms).toBeLessThanOrEqual(1_020);
  return { happened: `${error.attempts} attempts; the wait that did not fit was not begun`, attempts: error.attempts };
});

faultRow(10, 'the deadline passes in the second attempt', async (context) => {
  const { server, lm } = await setUp(context, [500, ({ pause }) => pause(60_000)], { deadlineMs: 150 });
  const error = await failureOf(ask(lm));
  expect(error).toBeInstanceOf(LMTimeoutError);
  expect(error.message).toContain('The last failure was:');
  expect(error.attempts).toBe(2);
  expect(server.requests).toHaveLength(2);
  await pass(20);
  expect(server.open).toBe(0);
  return { happened: `${error.code} with both attempts, the connection cut`, attempts: 2 };
});
