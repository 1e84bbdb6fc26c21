import { AsyncLocalStorage } from 'node:async_hooks';
import { getEventListeners } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Cancellation } from '../../../../src/core/util/cancellation';
import { sleep } from '../../../../src/lm/resilience/deadline';
import { Limiter } from '../../../../src/lm/resilience/limiter/limiter';
import { SingleFlight } from '../../../../src/lm/resilience/single-flight';
import { throughLimiter } from './through';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const reason = new Error('the caller had enough');

class Refused extends Error {}
class Down extends Error {}
class Wrong extends Error {}

describe('a limiter', () => {
  const limiterOf = (maxConcurrent: number, maxQueued = 100) =>
    new Limiter({ maxConcurrent, maxQueued, full: () => new Refused() });

  test('starts waiting calls in order of arrival, and nobody overtakes', async () => {
    const limiter = limiterOf(1);
    const started: number[] = [];
    const call = (index: number) =>
      throughLimiter(limiter, async () => {
        started.push(index);
        await sleep(10);
      });
    const early = [call(0), call(1), call(2)];
    await vi.advanceTimersByTimeAsync(10);
    early.push(call(3));
    await vi.advanceTimersByTimeAsync(30);
    await Promise.all(early);
    expect(started).toEqual([0, 1, 2, 3]);
    expect(limiter.inFlight).toBe(0);
  });

  test('runs a queued call in the async context of its own caller', async () => {
    const limiter = limiterOf(1);
    const storage = new AsyncLocalStorage<string>();
    const seen = ['a', 'b', 'c'].map((name) =>
      storage.run(name, () =>
        throughLimiter(limiter, async () => {
          await sleep(1);
          return storage.getStore();
        }),
      ),
    );
    await vi.advanceTimersByTimeAsync(3);
    expect(await Promise.all(seen)).toEqual(['a', 'b', 'c']);
  });

  test('gives its permit back when a call fails, and forgets a caller who left', async () => {
    const limiter = limiterOf(1);
    const controller = new AbortController();
    const first = throughLimiter(limiter, async () => {
      await sleep(5);
      throw new Wrong();
    });
    const gone = throughLimiter(limiter, async () => 'never', { signal: controller.signal });
    const last = throughLimiter(limiter, async () => 'fine');
    controller.abort(reason);
    await expect(gone).rejects.toBe(reason);
    const failed = expect(first).rejects.toThrow(Wrong);
    await vi.advanceTimersByTimeAsync(5);
    await failed;
    expect(await last).toBe('fine');
    expect(limiter.queued + limiter.inFlight).toBe(0);
    expect(getEventListeners(controller.signal, 'abort')).toHaveLength(0);
  });

  test('lets a caller leave the queue when its time is over', async () => {
    const limiter = limiterOf(1);
    const first = throughLimiter(limiter, () => sleep(50));
    const late = throughLimiter(limiter, async () => 'never', { deadlineMs: 20, expired: () => new Error('over') });
    const left = expect(late).rejects.toThrow('over');
    await vi.advanceTimersByTimeAsync(20);
    await left;
    expect(limiter.queued).toBe(0);
    await vi.advanceTimersByTimeAsync(30);
    await first;
    expect(limiter.inFlight).toBe(0);
  });

  test('refuses at once what does not fit into its queue', async () => {
    const limiter = limiterOf(1, 0);
    const first = throughLimiter(limiter, () => sleep(5));
    await expect(throughLimiter(limiter, async () => 'never')).rejects.toThrow(Refused);
    await vi.advanceTimersByTimeAsync(5);
    await first;
    expect(await throughLimiter(limiter, async () => 'fine')).toBe('fine');
  });
});

describe('single flight', () => {
  test('makes one call of many, and a new one afterwards', async () => {
    const flights = new SingleFlight<string>();
    const call = vi.fn(async () => {
      await sleep(5);
      return 'fine';
    });
    const all = Promise.all(Array.from({ length: 32 }, () => flights.run('key', call)));
    await vi.advanceTimersByTimeAsync(5);
    expect(new Set(await all)).toEqual(new Set(['fine']));
    expect(call).toHaveBeenCalledTimes(1);
    expect(flights.shared).toBe(31);
    const again = flights.run('key', call);
    await vi.advanceTimersByTimeAsync(5);
    await again;
    expect(call).toHaveBeenCalledTimes(2);
  });

  test('shares a failure and then forgets it', async () => {
    const flights = new SingleFlight<string>();
    const both = [flights.run('key', async () => Promise.reject(new Down())), flights.run('key', async () => 'unused')];
    for (const one of both) await expect(one).rejects.toThrow(Down);
    expect(await flights.run('key', async () => 'fine')).toBe('fine');
  });

  test('lets one waiter go without the others, and ends the call with the last of them', async () => {
    const flights = new SingleFlight<string>();
    const controllers = [new AbortController(), new AbortController()] as const;
    let inner: Cancellation | undefined;
    const call = (signal: Cancellation | undefined) => {
      inner = signal;
      return new Promise<string>(() => {});
    };
    const waiting = controllers.map(({ signal }) => flights.run('key', call, { signal }));
    controllers[0].abort(reason);
    await expect(waiting[0]).rejects.toBe(reason);
    expect(inner?.aborted).toBe(false);
    controllers[1].abort(reason);
    await expect(waiting[1]).rejects.toBe(reason);
    expect(inner?.reason).toBe(reason);
    expect(await flights.run('key', async () => 'a new one')).toBe('a new one');
  });

  test('goes on for a first caller who cannot leave, whoever else does', async () => {
    const flights = new SingleFlight<string>();
    let finish = (_answer: string): void => undefined;
    const answer = new Promise<string>((resolve) => {
      finish = resolve;
    });
    const call = vi.fn((_signal: Cancellation | undefined) => answer);
    const leaving = new AbortController();
    const staying = flights.run('key', call);
    const waiting = flights.run('key', call, { signal: leaving.signal });
    leaving.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    finish('fine');
    expect(await staying).toBe('fine');
    expect(call.mock.calls).toEqual([[undefined, undefined]]);
  });

  test('does not put a patient caller into the flight of one in a hurry', async () => {
    const flights = new SingleFlight<string>();
    const call = vi.fn(async () => {
      await sleep(5);
      return 'fine';
    });
    const all = Promise.all([
      flights.run('key', call, { deadlineMs: 100 }),
      flights.run('key', call, { deadlineMs: 60_000 }),
      flights.run('key', call, { deadlineMs: 60_000 }),
      flights.run('key', call, { deadlineMs: 50 }),
    ]);
    await vi.advanceTimersByTimeAsync(5);
    await all;
    expect(call).toHaveBeenCalledTimes(2);
  });
});
