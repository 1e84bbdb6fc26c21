import { lm } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { expect, test } from 'vitest';
import { answer, ask } from './resilient-client';

const PER_SECOND = 10;

test(`a server that refuses more than ${PER_SECOND} requests in any second refuses none of 100 calls sent at once`, async () => {
  const arrivals: number[] = [];
  let refusals = 0;
  await using server = await startFaultServer(async ({ reply }) => {
    const now = performance.now();
    arrivals.push(now);
    if (arrivals.filter((at) => at > now - 1_000).length <= PER_SECOND) return reply(200, answer('fine'));
    refusals += 1;
    return reply(429, { error: { message: 'slow down' } });
  });
  await using client = lm('m', {
    baseUrl: server.url,
    cache: false,
    singleFlight: false,
    resilience: { requestsPerMinute: PER_SECOND * 60 },
  });
  const startedAt = performance.now();
  const responses = await Promise.all(Array.from({ length: 100 }, () => ask(client)));
  expect(responses.every(({ attempts }) => attempts === 1)).toBe(true);
  expect(refusals).toBe(0);
  expect(arrivals).toHaveLength(100);
  // Nine full seconds have to pass; without the limit it would be a moment.
  expect(performance.now() - startedAt).toBeGreaterThanOrEqual(9_000);
});
