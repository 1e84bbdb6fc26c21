import { expect } from 'vitest';
import { faultRow } from '../../matrix/fault-row';
import { ask, setUp, textOf } from '../../resilient-client';
import { retriesOf } from '../../retries';

faultRow(11, '429 with Retry-After: 2', async (context) => {
  const retries = retriesOf(context.after);
  const { server, lm } = await setUp(context, [[429, { 'retry-after': '2' }], 'at last']);
  const startedAt = performance.now();
  const response = await ask(lm);
  const ms = performance.now() - startedAt;
  expect(response.completions[0]?.text).toBe('at last');
  expect(response.attempts).toBe(2);
  expect(response.usage.lostAttempts).toBe(1);
  expect(server.requests).toHaveLength(2);
  expect(ms).toBeGreaterThanOrEqual(1_999);
  expect(retries).toHaveLength(1);
  expect(retries[0]?.waitMs).toBeGreaterThanOrEqual(2_000);
  expect(retries[0]?.waitMs).toBeLessThanOrEqual(2_200);
  return { happened: 'waited 2 s and less than a tenth more, then answered', attempts: 2 };
});

faultRow(11, '429 with Retry-After holds back the other calls of the client too', async (context) => {
  const { server, lm } = await setUp(context, [[429, { 'retry-after-ms': '150' }], 'fine']);
  const first = textOf(lm);
  await expect.poll(() => lm.stats().pauseMs, { interval: 2 }).toBeGreaterThan(0);
  const startedAt = performance.now();
  const leftMs = lm.stats().pauseMs;
  const others = Array.from({ length: 10 }, () => textOf(lm));
  await expect(others[0]).resolves.toBe('fine');
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(leftMs - 5);
  await Promise.all([first, ...others]);
  expect(server.requests).toHaveLength(12);
  return { happened: '10 other calls waited for the end of the pause', attempts: '12 for 11 callers' };
});
