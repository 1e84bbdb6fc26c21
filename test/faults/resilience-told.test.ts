import { channel } from 'node:diagnostics_channel';
import { afterEach, expect, test } from 'vitest';
import type { RowContext } from './matrix/fault-row';
import { ask, failureOf, setUp, textOf } from './resilient-client';

const cleanUps: (() => unknown)[] = [];
const context: RowContext = {
  use: (thing) => {
    cleanUps.push(() => thing.close());
    return thing;
  },
  after: (cleanUp) => void cleanUps.push(cleanUp),
} as RowContext;

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp();
});

/** Collects what is told on one channel. */
function told(kind: string): readonly Record<string, unknown>[] {
  const events: Record<string, unknown>[] = [];
  const listener = (event: unknown) => void events.push(event as Record<string, unknown>);
  channel(`dspex:${kind}`).subscribe(listener);
  cleanUps.push(() => channel(`dspex:${kind}`).unsubscribe(listener));
  return events;
}

test('the breaker tells each of its changes, and whose it is', async () => {
  const events = told('breaker');
  const { server, lm } = await setUp(context, [500, 'well'], {
    attempts: 1,
    breaker: { preset: 'strict', failures: 1, openMs: 1 },
  });
  await failureOf(ask(lm));
  await expect.poll(() => textOf(lm).catch(() => 'refused'), { interval: 2 }).toBe('well');
  expect(events.map(({ state }) => state)).toEqual(['open', 'half-open', 'closed']);
  expect(events[0]).toMatchObject({ kind: 'breaker', model: 'm', endpoint: server.url, openMs: 1 });
});

test('the limiter tells pauses, limits and waits, and a retry its wait', async () => {
  const limiter = told('limiter');
  const retries = told('retry');
  const { lm } = await setUp(context, [[429, { 'retry-after-ms': '300' }], 'well'], { maxConcurrent: 4 });
  const first = textOf(lm);
  await expect.poll(() => limiter.length, { interval: 1 }).toBeGreaterThan(0);
  await Promise.all([first, textOf(lm)]);
  expect(limiter.map(({ event }) => event)).toEqual(expect.arrayContaining(['limit', 'paused', 'waited']));
  expect(retries).toHaveLength(1);
  expect(retries[0]).toMatchObject({ attempt: 1, asked: true, tokensLeft: 500 });
});
