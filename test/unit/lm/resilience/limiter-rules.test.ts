import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { sleep } from '../../../../src/lm/resilience/deadline';
import { Limiter } from '../../../../src/lm/resilience/limiter/limiter';
import type { LimiterOptions, LimitSign } from '../../../../src/lm/resilience/limiter/limiter-options';
import { throughLimiter } from './through';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

class Full extends Error {}
class Paused extends Error {}
class Stopped extends Error {}
class Closed extends Error {}
/** A failure that says something about limits. */
class Told extends Error {
  constructor(readonly sign: LimitSign) {
    super('told');
  }
}

const limiterOf = (options: Partial<LimiterOptions> = {}) =>
  new Limiter({
    maxConcurrent: 8,
    maxQueued: 1_000,
    sign: (error) => (error instanceof Told ? error.sign : undefined),
    full: () => new Full(),
    paused: () => new Paused(),
    stopped: () => new Stopped(),
    ...options,
  });
const quiet = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error: unknown) => error,
  );
const slowDown = (retryAfterMs?: number) => () => Promise.reject(new Told({ kind: 'slow-down', retryAfterMs }));

describe('turns', () => {
  test('are taken by runs, so that a large one does not hold up a small one', async () => {
    const limiter = limiterOf({ maxConcurrent: 1 });
    const started: string[] = [];
    const call = (name: string, group?: object) =>
      throughLimiter(
        limiter,
        async () => {
          started.push(name);
          await sleep(1);
        },
        { group },
      );
    const [large, small] = [{}, {}];
    const calls = [call('first')];
    for (let index = 0; index < 5; index += 1) calls.push(call(`large ${index}`, large));
    for (let index = 0; index < 2; index += 1) calls.push(call(`small ${index}`, small));
    await vi.advanceTimersByTimeAsync(20);
    await Promise.all(calls);
    expect(started).toEqual(['first', 'large 0', 'small 0', 'large 1', 'small 1', 'large 2', 'large 3', 'large 4']);
  });

  test('go by priority first', async () => {
    const limiter = limiterOf({ maxConcurrent: 1 });
    const started: number[] = [];
    const calls = [0, 0, 5, 1, 5].map((priority) =>
      throughLimiter(
        limiter,
        async () => {
          started.push(priority);
          await sleep(1);
        },
        { priority },
      ),
    );
    await vi.advanceTimersByTimeAsync(20);
    await Promise.all(calls);
    expect(started).toEqual([0, 5, 5, 1, 0]);
  });
});

describe('the limit in flight', () => {
  test('is halved by a refusal, once for a burst of them, and never below 1', async () => {
    const limiter = limiterOf();
    await Promise.all(Array.from({ length: 8 }, () => quiet(throughLimiter(limiter, slowDown()))));
    expect(limiter.limitNow).toBe(4);
    for (let round = 0; round < 5; round += 1) {
      await vi.advanceTimersByTimeAsync(1);
      await quiet(throughLimiter(limiter, slowDown()));
    }
    expect(limiter.limitNow).toBe(1);
  });

  test('grows by one with each round of successes in which it was used up, and not above the maximum', async () => {
    const limiter = limiterOf({ maxConcurrent: 4 });
    await Promise.all(Array.from({ length: 4 }, () => quiet(throughLimiter(limiter, slowDown()))));
    expect(limiter.limitNow).toBe(2);
    for (let call = 0; call < 20; call += 1) await throughLimiter(limiter, async () => 'alone');
    expect(limiter.limitNow).toBe(2);
    const calls = Promise.all(Array.from({ length: 30 }, () => throughLimiter(limiter, () => sleep(1))));
    await vi.advanceTimersByTimeAsync(1);
    expect(limiter.limitNow).toBe(3);
    await vi.advanceTimersByTimeAsync(50);
    await calls;
    expect(limiter.limitNow).toBe(4);
  });

  test('stays where it is when it is not adaptive', async () => {
    const limiter = limiterOf({ adaptive: false });
    await quiet(throughLimiter(limiter, slowDown()));
    expect(limiter.limitNow).toBe(8);
  });
});

describe('a pause that the other side asks for', () => {
  test('holds everybody, and leaves no timer when it is over', async () => {
    const limiter = limiterOf();
    await quiet(throughLimiter(limiter, slowDown(1_000)));
    const call = vi.fn(async () => 'fine');
    const waiting = throughLimiter(limiter, call);
    await vi.advanceTimersByTimeAsync(999);
    expect(call).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(2);
    expect(await waiting).toBe('fine');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is a minute at most, whatever was asked for', async () => {
    const limiter = limiterOf();
    await quiet(throughLimiter(limiter, slowDown(Number.MAX_SAFE_INTEGER)));
    expect(limiter.pauseMs).toBeLessThanOrEqual(60_000);
  });

  test('refuses at once a call that has less time', async () => {
    const limiter = limiterOf();
    await quiet(throughLimiter(limiter, slowDown(1_000)));
    await expect(throughLimiter(limiter, async () => 'never', { deadlineMs: 500 })).rejects.toThrow(Paused);
    expect(limiter.queued).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is forgotten by reset', async () => {
    const limiter = limiterOf();
    await quiet(throughLimiter(limiter, slowDown(1_000)));
    const waiting = throughLimiter(limiter, async () => 'fine');
    limiter.reset();
    expect(await waiting).toBe('fine');
    expect(vi.getTimerCount()).toBe(0);
  });
});

test('a word to stop refuses who waits and who comes, until its time is over', async () => {
  const limiter = limiterOf({ maxConcurrent: 1, quotaPauseMs: 1_000 });
  const stop = throughLimiter(limiter, () => Promise.reject(new Told({ kind: 'stop' })));
  const waiting = [throughLimiter(limiter, async () => 'never'), throughLimiter(limiter, async () => 'never')].map(
    quiet,
  );
  await expect(stop).rejects.toThrow(Told);
  for (const one of waiting) expect(await one).toBeInstanceOf(Stopped);
  await expect(throughLimiter(limiter, async () => 'never')).rejects.toThrow(Stopped);
  await vi.advanceTimersByTimeAsync(1_000);
  expect(await throughLimiter(limiter, async () => 'fine')).toBe('fine');
});

test('close refuses who waits and who comes, and lets go on what is in flight', async () => {
  const limiter = limiterOf({ maxConcurrent: 1 });
  const running = throughLimiter(limiter, async () => {
    await sleep(5);
    return 'fine';
  });
  const waiting = quiet(throughLimiter(limiter, async () => 'never'));
  limiter.close(() => new Closed());
  expect(await waiting).toBeInstanceOf(Closed);
  await expect(throughLimiter(limiter, async () => 'never')).rejects.toThrow(Closed);
  await vi.advanceTimersByTimeAsync(5);
  expect(await running).toBe('fine');
});

describe('a rate', () => {
  test('of 600 requests a minute lets out at most 10 in any second, and close to that many', async () => {
    const limiter = limiterOf({ requestsPerMinute: 600 });
    const starts: number[] = [];
    const calls = Array.from({ length: 100 }, () =>
      throughLimiter(limiter, async () => {
        starts.push(performance.now());
        await sleep(3);
      }),
    );
    await vi.advanceTimersByTimeAsync(12_000);
    await Promise.all(calls);
    for (let index = 10; index < starts.length; index += 1) {
      expect((starts[index] as number) - (starts[index - 10] as number)).toBeGreaterThanOrEqual(1_000);
    }
    expect((starts.at(-1) as number) - (starts[0] as number)).toBeLessThan(9_500);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('of very many requests a minute is used to nine tenths, and never passed', async () => {
    const limiter = limiterOf({ maxConcurrent: 10_000, maxQueued: 10_000, requestsPerMinute: 60_000 });
    const starts: number[] = [];
    const calls = Array.from({ length: 2_000 }, () =>
      throughLimiter(limiter, async () => {
        starts.push(performance.now());
        await sleep(500);
      }),
    );
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(calls);
    for (let index = 1_000; index < starts.length; index += 1) {
      expect((starts[index] as number) - (starts[index - 1_000] as number)).toBeGreaterThanOrEqual(1_000);
    }
    expect((starts.at(-1) as number) - (starts[0] as number)).toBeLessThan(3_000);
  });

  test('of few requests a minute spaces them evenly', async () => {
    const limiter = limiterOf({ requestsPerMinute: 20 });
    const starts: number[] = [];
    const calls = Array.from({ length: 4 }, () =>
      throughLimiter(limiter, async () => void starts.push(performance.now())),
    );
    await vi.advanceTimersByTimeAsync(10_000);
    await Promise.all(calls);
    const gaps = starts.slice(1).map((at, index) => at - (starts[index] as number));
    for (const gap of gaps) expect(gap).toBeGreaterThanOrEqual(2_999);
    for (const gap of gaps) expect(gap).toBeLessThan(3_150);
  });

  test('of tokens holds whatever the estimates: what was not used comes back, what was used beyond is waited for', async () => {
    const limiter = limiterOf({ maxConcurrent: 100, tokensPerMinute: 6_000 });
    const starts: { at: number; tokens: number }[] = [];
    const call = (estimate: number, real: number) =>
      throughLimiter(
        limiter,
        async () => {
          starts.push({ at: performance.now(), tokens: real });
          return real;
        },
        { tokens: estimate, spent: (tokens) => tokens },
      );
    const calls = Array.from({ length: 60 }, (_, index) => call(200, index % 2 === 0 ? 100 : 300));
    await vi.advanceTimersByTimeAsync(180_000);
    await Promise.all(calls);
    for (const { at } of starts) {
      const inMinute = starts.filter((start) => start.at >= at && start.at < at + 60_000);
      expect(inMinute.reduce((sum, { tokens }) => sum + tokens, 0)).toBeLessThanOrEqual(6_000 + 300);
    }
    expect(starts).toHaveLength(60);
  });

  test('of tokens lets out a call that is larger than its bucket, and makes the next ones pay', async () => {
    const limiter = limiterOf({ tokensPerMinute: 6_000 });
    const starts: number[] = [];
    const call = (tokens: number) =>
      throughLimiter(limiter, async () => void starts.push(performance.now()), { tokens });
    const calls = [call(5_000), call(1)];
    await vi.advanceTimersByTimeAsync(60_000);
    await Promise.all(calls);
    expect((starts[1] as number) - (starts[0] as number)).toBeGreaterThan(40_000);
  });

  test('keeps no call that was aborted while it waited', async () => {
    const limiter = limiterOf({ requestsPerMinute: 1 });
    await throughLimiter(limiter, async () => 'fine');
    const controller = new AbortController();
    const waiting = throughLimiter(limiter, async () => 'never', { signal: controller.signal });
    controller.abort(new Error('had enough'));
    await expect(waiting).rejects.toThrow('had enough');
    expect(limiter.queued).toBe(0);
    expect(vi.getTimerCount()).toBe(0);
  });
});
