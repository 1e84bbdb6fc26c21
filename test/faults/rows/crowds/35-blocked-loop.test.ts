import { channel } from 'node:diagnostics_channel';
import { Logger, context as settings } from 'dspex';
import { expect, vi } from 'vitest';
import { faultRow } from '../../matrix/fault-row';
import { setUp, textOf } from '../../resilient-client';

/** Keeps the event loop busy, as a slow metric does. */
function spin(ms: number): void {
  for (const until = performance.now() + ms; performance.now() < until; );
}

faultRow(35, 'the event loop is blocked for longer than the deadline of a call in flight', async (context) => {
  const blocks: number[] = [];
  const listener = (event: unknown) => void blocks.push((event as { blockedMs: number }).blockedMs);
  channel('dspex:loop').subscribe(listener);
  context.after(() => channel('dspex:loop').unsubscribe(listener));
  const warn = vi.fn();
  const logger = { debug() {}, info() {}, error() {}, warn } as Logger;
  const { server, lm } = await setUp(context, [
    'warm',
    async ({ pause, reply }) => {
      await pause(20);
      await reply(200, { id: 'a', model: 'm', choices: [{ message: { content: 'in time' }, finish_reason: 'stop' }] });
    },
  ]);
  await textOf(lm);
  const text = await settings({ logger }, async () => {
    const calls = [textOf(lm, { deadlineMs: 500 }), textOf(lm, { deadlineMs: 600 })];
    await expect.poll(() => server.requests.length, { interval: 1 }).toBe(3);
    spin(1_500);
    return Promise.all(calls);
  });
  expect(text).toEqual(['in time', 'in time']);
  expect(server.requests).toHaveLength(3);
  expect(lm.stats().breaker).toBe('closed');
  expect(blocks.length).toBeGreaterThanOrEqual(1);
  expect(blocks[0]).toBeGreaterThan(500);
  expect(warn).toHaveBeenCalledTimes(1);
  return { happened: 'both calls answered, none timed out; one warning', attempts: '1 per call' };
});
