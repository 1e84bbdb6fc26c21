import { channel } from 'node:diagnostics_channel';
import { context, Logger } from 'dspex';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { fairTimer } from '../../../../src/lm/resilience/fair-timer';

let now = 0;

// Timers are faked and the clock is ours: a blocked loop is a clock that goes on while timers do not.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  now += 1_000_000;
  vi.spyOn(performance, 'now').mockImplementation(() => now);
});
afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

const pass = async (ms: number) => {
  for (let left = ms; left > 0; left -= 10) {
    const step = Math.min(10, left);
    now += step;
    await vi.advanceTimersByTimeAsync(step);
  }
};
/** Time in which no timer fires. */
const block = (ms: number) => {
  now += ms;
};

test('a timer that fires on time is an ordinary timer', async () => {
  const onTime = vi.fn();
  fairTimer(100, onTime);
  await pass(99);
  expect(onTime).not.toHaveBeenCalled();
  await pass(1);
  expect(onTime).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

test('time in which the loop was blocked is given back', async () => {
  const onTime = vi.fn();
  fairTimer(5_000, onTime);
  block(3_000);
  await pass(5_000);
  expect(onTime).not.toHaveBeenCalled();
  await pass(2_999);
  expect(onTime).not.toHaveBeenCalled();
  await pass(1);
  expect(onTime).toHaveBeenCalledTimes(1);
});

test('no more is given back than the limit itself, however often the loop is blocked', async () => {
  const onTime = vi.fn();
  fairTimer(2_000, onTime);
  block(60_000);
  await pass(2_000);
  block(60_000);
  await pass(2_000);
  expect(onTime).toHaveBeenCalledTimes(1);
});

test('a timer that was stopped does not fire, also while it gives time back', async () => {
  const onTime = vi.fn();
  const stop = fairTimer(1_000, onTime);
  block(500);
  await pass(1_000);
  stop();
  await pass(10_000);
  expect(onTime).not.toHaveBeenCalled();
  expect(vi.getTimerCount()).toBe(0);
});

test('one block is told once, and the logger hears of blocks once a minute', async () => {
  const told: unknown[] = [];
  const listener = (event: unknown) => told.push((event as { blockedMs: number }).blockedMs);
  channel('dspex:loop').subscribe(listener);
  const warn = vi.fn();
  const logger = { debug() {}, info() {}, error() {}, warn } as Logger;
  await context({ logger }, async () => {
    for (let index = 0; index < 20; index += 1) fairTimer(1_000 + index, () => {});
    block(5_000);
    await pass(1_020);
    await pass(10_000);
    fairTimer(100, () => {});
    block(200);
    await pass(100);
    await pass(1_000);
  });
  channel('dspex:loop').unsubscribe(listener);
  expect(told[0]).toBeGreaterThanOrEqual(5_000);
  expect(told).toEqual([told[0], 200]);
  expect(warn).toHaveBeenCalledTimes(1);
  expect(warn.mock.calls[0]?.[0]).toEqual({ blockedMs: told[0] });
});
