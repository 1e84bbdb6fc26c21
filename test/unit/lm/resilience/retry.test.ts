import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError, UnknownOptionError } from '../../../../src/core/errors/option-errors';
import { MAX_TIMER_MS, sleep, withDeadline } from '../../../../src/lm/resilience/deadline';
import { resilienceSettings } from '../../../../src/lm/resilience/resilience-options';
import { cryptoRandom } from '../../../../src/lm/resilience/retry/jitter';
import { Retry, type RetryAdvice, type RetryOptions } from '../../../../src/lm/resilience/retry/retry';
import { withRetries } from './through';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const quiet = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    () => undefined,
  );
const reason = new Error('the caller had enough');

class Down extends Error {}
class Wrong extends Error {}

describe('a deadline', () => {
  test('ends the wait for work that does not listen, and leaves no timer', async () => {
    const wait = withDeadline(new Promise(() => {}), { deadlineMs: 100, expired: () => new Error('over') });
    const rejected = expect(wait).rejects.toThrow('over');
    await vi.advanceTimersByTimeAsync(100);
    await rejected;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('ends with the reason of the signal, whenever that fired', async () => {
    const controller = new AbortController();
    const wait = withDeadline(new Promise(() => {}), { deadlineMs: 100, signal: controller.signal });
    controller.abort(reason);
    await expect(wait).rejects.toBe(reason);
    await expect(withDeadline(new Promise(() => {}), { signal: controller.signal })).rejects.toBe(reason);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('leaves nothing on a signal that lives on, however many wait', async () => {
    const { signal } = new AbortController();
    const warned = vi.fn();
    process.on('warning', warned);
    const options = { deadlineMs: 1000, signal };
    expect(await Promise.all(Array.from({ length: 50 }, () => withDeadline(Promise.resolve(1), options)))).toHaveLength(
      50,
    );
    await expect(withDeadline(Promise.reject(new Wrong()), options)).rejects.toThrow(Wrong);
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
    expect(vi.getTimerCount()).toBe(0);
    expect(warned).not.toHaveBeenCalled();
    process.off('warning', warned);
  });

  test('without end sets no timer, and none is ever too long for Node', async () => {
    const endless = withDeadline(Promise.resolve(1), { deadlineMs: Number.POSITIVE_INFINITY });
    expect(vi.getTimerCount()).toBe(0);
    expect(await endless).toBe(1);
    const spied = vi.spyOn(globalThis, 'setTimeout');
    const controller = new AbortController();
    const slept = quiet(sleep(1e308, controller.signal));
    expect(spied.mock.calls.map(([, ms]) => ms)).toEqual([MAX_TIMER_MS]);
    controller.abort();
    await slept;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('retries', () => {
  const scope = () => ({ signal: new AbortController().signal, remainingMs: () => Number.POSITIVE_INFINITY });
  const retryOf = (options: Partial<RetryOptions> = {}, advice: Partial<RetryAdvice> = {}) =>
    new Retry({
      attempts: 3,
      baseDelayMs: 100,
      maxDelayMs: 20_000,
      retryTokens: 500,
      random: () => 0.5,
      advice: (error) => ({ retryable: error instanceof Down, ...advice }),
      ...options,
    });
  const failing = (error: Error = new Down()) => vi.fn(async () => Promise.reject(error));

  test('wait half of 100, then half of 200 ms when the dice say a half', async () => {
    const call = failing();
    const done = expect(withRetries(retryOf(), call, scope())).rejects.toThrow(Down);
    await vi.advanceTimersByTimeAsync(1);
    expect(call).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(51);
    expect(call).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(60);
    expect(call).toHaveBeenCalledTimes(2);
    await vi.advanceTimersByTimeAsync(45);
    expect(call).toHaveBeenCalledTimes(3);
    await done;
    expect(vi.getTimerCount()).toBe(0);
  });

  test('never wait longer than the cap', async () => {
    const call = failing();
    const done = expect(withRetries(retryOf({ attempts: 9, maxDelayMs: 300 }), call, scope())).rejects.toThrow(Down);
    await vi.advanceTimersByTimeAsync(9 * 160);
    expect(call).toHaveBeenCalledTimes(9);
    await done;
  });

  test('wait as long as they are asked to, and up to a tenth more', async () => {
    const call = failing();
    const done = expect(withRetries(retryOf({ attempts: 2 }, { retryAfterMs: 2000 }), call, scope())).rejects.toThrow(
      Down,
    );
    await vi.advanceTimersByTimeAsync(1999);
    expect(call).toHaveBeenCalledTimes(1);
    await vi.advanceTimersByTimeAsync(202);
    expect(call).toHaveBeenCalledTimes(2);
    await done;
  });

  test('are not made of what does not pass', async () => {
    const call = failing(new Wrong());
    await expect(withRetries(retryOf(), call, scope())).rejects.toThrow(Wrong);
    expect(call).toHaveBeenCalledTimes(1);
  });

  test('are not begun when the wait does not fit into the time left', async () => {
    const call = failing();
    const remainingMs = () => 40;
    await expect(withRetries(retryOf(), call, { ...scope(), remainingMs })).rejects.toThrow(Down);
    expect(call).toHaveBeenCalledTimes(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('end with the abort in the middle of a wait, with no timer left and no further attempt', async () => {
    const controller = new AbortController();
    const call = failing();
    const done = withRetries(retryOf({ baseDelayMs: 10_000 }), call, { ...scope(), signal: controller.signal });
    const rejected = expect(done).rejects.toBe(reason);
    await vi.advanceTimersByTimeAsync(20);
    controller.abort(reason);
    await rejected;
    expect(vi.getTimerCount()).toBe(0);
    expect(call).toHaveBeenCalledTimes(1);
  });

  test('are not begun once the call must not be repeated', async () => {
    const call = failing();
    await expect(withRetries(retryOf(), call, { ...scope(), repeatable: () => false })).rejects.toThrow(Down);
    expect(call).toHaveBeenCalledTimes(1);
  });

  test('are as few as the failure says', async () => {
    const call = failing();
    const done = expect(withRetries(retryOf({ attempts: 6 }, { maxRetries: 1 }), call, scope())).rejects.toThrow(Down);
    await vi.advanceTimersByTimeAsync(60_000);
    await done;
    expect(call).toHaveBeenCalledTimes(2);
  });

  test.each([
    [false, 100],
    [true, 50],
  ])('of all callers share 500 tokens (after timeouts: %s), then failures are final at once', async (timeout, most) => {
    const exhausted = vi.fn();
    const retry = retryOf({ attempts: 6, baseDelayMs: 1, exhausted }, { timeout });
    const call = failing();
    const callers = Array.from({ length: 100 }, () => quiet(withRetries(retry, call, scope())));
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(callers);
    expect(call).toHaveBeenCalledTimes(100 + most);
    expect(exhausted).toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  test('are paid for by successes, one token each', async () => {
    const retry = retryOf({ attempts: 2, baseDelayMs: 1, retryTokens: 5 });
    const attemptsOf = async () => {
      const call = failing();
      const done = quiet(withRetries(retry, call, scope()));
      await vi.advanceTimersByTimeAsync(10);
      await done;
      return call.mock.calls.length;
    };
    expect(await attemptsOf()).toBe(2);
    expect(await attemptsOf()).toBe(1);
    for (let round = 0; round < 4; round += 1) await withRetries(retry, async () => 'fine', scope());
    expect(await attemptsOf()).toBe(1);
    await withRetries(retry, async () => 'fine', scope());
    expect(await attemptsOf()).toBe(2);
  });

  test('are spread by random numbers from 0 up to 1', () => {
    const drawn = Array.from({ length: 200 }, cryptoRandom);
    expect(drawn.every((number) => number >= 0 && number < 1)).toBe(true);
    expect(new Set(drawn).size).toBeGreaterThan(190);
  });
});

test('the options of resilience are checked', () => {
  expect(() => resilienceSettings({ retries: 3 } as never)).toThrow(UnknownOptionError);
  expect(() => resilienceSettings({ attempts: 0 })).toThrow(InvalidOptionError);
  expect(() => resilienceSettings({ breaker: 'lenient' as never })).toThrow(InvalidOptionError);
  expect(resilienceSettings({ breaker: false }).breaker).toBeUndefined();
  expect(resilienceSettings({})).toMatchObject({
    attempts: 3,
    baseDelayMs: 500,
    maxDelayMs: 20_000,
    deadlineMs: 300_000,
  });
});
