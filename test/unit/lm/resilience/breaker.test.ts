import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError, UnknownOptionError } from '../../../../src/core/errors/option-errors';
import { Breaker, type Verdict } from '../../../../src/lm/resilience/breaker/breaker';
import {
  type BreakerOptions,
  type BreakerPreset,
  breakerRules,
} from '../../../../src/lm/resilience/breaker/breaker-options';
import { throughBreaker } from './through';

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

class Refused extends Error {}
class Down extends Error {}
class Wrong extends Error {}

describe('a breaker', () => {
  const judge = (error: unknown): Verdict =>
    error instanceof Down ? 'failure' : error instanceof Wrong ? 'answered' : 'unknown';
  const breakerOf = (options: BreakerPreset | BreakerOptions) =>
    new Breaker(breakerRules(options), { judge, refused: () => new Refused() });
  const fail = (breaker: Breaker) => quiet(throughBreaker(breaker, async () => Promise.reject(new Down())));
  const succeed = (breaker: Breaker) => throughBreaker(breaker, async () => 'fine');
  /** A call that ends when it is told to. */
  const pending = (breaker: Breaker) => {
    const end: { resolve?: (value: string) => void; reject?: (error: Error) => void } = {};
    const result = throughBreaker(
      breaker,
      () => new Promise<string>((resolve, reject) => Object.assign(end, { resolve, reject })),
    );
    return { result, resolve: () => end.resolve?.('late'), reject: (error: Error) => end.reject?.(error) };
  };

  test("'strict' opens at 5 failures in 10 s", async () => {
    const breaker = breakerOf('strict');
    for (let round = 0; round < 4; round += 1) await fail(breaker);
    await succeed(breaker);
    expect(breaker.state).toBe('closed');
    await fail(breaker);
    expect(breaker.state).toBe('open');
  });

  test("'strict' forgets failures after 10 s", async () => {
    const breaker = breakerOf('strict');
    for (let round = 0; round < 12; round += 1) {
      await fail(breaker);
      await vi.advanceTimersByTimeAsync(3_000);
    }
    expect(breaker.state).toBe('closed');
  });

  test('by default opens at half of 20 calls, and not at less', async () => {
    const breaker = breakerOf('default');
    for (let round = 0; round < 9; round += 1) {
      await fail(breaker);
      await succeed(breaker);
    }
    await fail(breaker);
    expect(breaker.state).toBe('closed');
    await fail(breaker);
    expect(breaker.state).toBe('open');
  });

  test('stays open for 5 s, then twice as long after each probe that fails, and no longer than 60 s', async () => {
    const breaker = breakerOf({ preset: 'strict', failures: 1 });
    await fail(breaker);
    for (const seconds of [5, 10, 20, 40, 60, 60]) {
      await vi.advanceTimersByTimeAsync(seconds * 1000 - 1);
      await expect(succeed(breaker)).rejects.toThrow(Refused);
      await vi.advanceTimersByTimeAsync(1);
      await fail(breaker);
      expect(breaker.state).toBe('open');
    }
    await vi.advanceTimersByTimeAsync(60_000);
    for (let round = 0; round < 15; round += 1) await succeed(breaker);
    expect(breaker.state).toBe('closed');
    await fail(breaker);
    await vi.advanceTimersByTimeAsync(5_000);
    await succeed(breaker);
    expect(breaker.state).toBe('closed');
  });

  test('starts slowly after it was closed: 2 calls at a time, then 4, then 8, then as many as like', async () => {
    const breaker = breakerOf({ preset: 'strict', failures: 1 });
    await fail(breaker);
    await vi.advanceTimersByTimeAsync(5_000);
    await succeed(breaker);
    for (const permits of [2, 4, 8]) {
      const running = Array.from({ length: permits }, () => pending(breaker));
      expect(breaker.room).toBe(false);
      await expect(succeed(breaker)).rejects.toThrow(Refused);
      for (const call of running) call.resolve();
      await Promise.all(running.map(({ result }) => result));
    }
    const crowd = Array.from({ length: 100 }, () => pending(breaker));
    expect(breaker.room).toBe(true);
    for (const call of crowd) call.resolve();
    await Promise.all(crowd.map(({ result }) => result));
  });

  test('opens at the first failure of its slow start, for twice the time', async () => {
    const breaker = breakerOf({ preset: 'strict', failures: 5 });
    for (let round = 0; round < 5; round += 1) await fail(breaker);
    await vi.advanceTimersByTimeAsync(5_000);
    await succeed(breaker);
    await fail(breaker);
    expect(breaker.state).toBe('open');
    await vi.advanceTimersByTimeAsync(9_999);
    await expect(succeed(breaker)).rejects.toThrow(Refused);
    await vi.advanceTimersByTimeAsync(1);
    expect(await succeed(breaker)).toBe('fine');
  });

  test('ends a slow start that sees few calls with its window', async () => {
    const breaker = breakerOf({ preset: 'strict', failures: 5 });
    for (let round = 0; round < 5; round += 1) await fail(breaker);
    await vi.advanceTimersByTimeAsync(5_000);
    await succeed(breaker);
    await vi.advanceTimersByTimeAsync(10_000);
    await fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  test('counts an answer that is an error as an answer, so that a row of failures ends with it', async () => {
    const breaker = breakerOf('default');
    for (let round = 0; round < 9; round += 1) await fail(breaker);
    await quiet(throughBreaker(breaker, async () => Promise.reject(new Wrong())));
    await fail(breaker);
    expect(breaker.state).toBe('closed');
  });

  test('tells its changes', async () => {
    const told: unknown[] = [];
    const breaker = new Breaker(breakerRules({ preset: 'strict', failures: 1 }), {
      judge,
      refused: () => new Refused(),
      changed: (state, openMs) => told.push([state, openMs]),
    });
    await fail(breaker);
    await vi.advanceTimersByTimeAsync(5_000);
    await succeed(breaker);
    expect(told).toEqual([
      ['open', 5_000],
      ['half-open', 0],
      ['closed', 0],
    ]);
  });

  test('lets one probe through, refuses everybody else at once, and nobody waits for the probe', async () => {
    const breaker = breakerOf({ preset: 'strict', failures: 1 });
    await fail(breaker);
    await vi.advanceTimersByTimeAsync(5_000);
    const probe = pending(breaker);
    const others = vi.fn(async () => 'fine');
    for (let round = 0; round < 100; round += 1) await expect(throughBreaker(breaker, others)).rejects.toThrow(Refused);
    probe.resolve();
    expect(await probe.result).toBe('late');
    expect(others).not.toHaveBeenCalled();
    expect(breaker.state).toBe('closed');
  });

  test('is closed by any answer to the probe, and kept open by a probe that was given up', async () => {
    const breaker = breakerOf({ preset: 'strict', failures: 1 });
    await fail(breaker);
    await vi.advanceTimersByTimeAsync(5_000);
    const given = pending(breaker);
    given.reject(reason);
    await expect(given.result).rejects.toBe(reason);
    expect(breaker.state).toBe('open');
    await quiet(throughBreaker(breaker, async () => Promise.reject(new Wrong())));
    expect(breaker.state).toBe('closed');
  });

  test('is not moved by a call from before it opened', async () => {
    const breaker = breakerOf({ preset: 'strict', failures: 1 });
    const early = [pending(breaker), pending(breaker)] as const;
    await fail(breaker);
    await vi.advanceTimersByTimeAsync(5_000);
    const probe = pending(breaker);
    early[0].reject(new Down());
    await quiet(early[0].result);
    expect(breaker.state).toBe('half-open');
    probe.resolve();
    await probe.result;
    early[1].reject(new Down());
    await quiet(early[1].result);
    expect(breaker.state).toBe('closed');
  });

  test('keeps its time when the clock on the wall jumps', async () => {
    const breaker = breakerOf({ preset: 'strict', failures: 1 });
    await fail(breaker);
    vi.setSystemTime(new Date('2001-01-01'));
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await succeed(breaker)).toBe('fine');
    await fail(breaker);
    vi.setSystemTime(new Date('2099-01-01'));
    await expect(succeed(breaker)).rejects.toThrow(Refused);
  });

  test.each([
    [{ preset: 'mild' }, InvalidOptionError],
    [{ failures: 0 }, InvalidOptionError],
    [{ failureRate: 50 }, InvalidOptionError],
    [{ threshold: 3 }, UnknownOptionError],
  ])('refuses the rules %j', (options, expected) => {
    expect(() => breakerRules(options as never)).toThrow(expected);
  });
});
