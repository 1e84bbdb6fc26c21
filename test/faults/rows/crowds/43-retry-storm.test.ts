import { expect } from 'vitest';
import { LMServerError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { ask, failureOf, setUp } from '../../resilient-client';

const CALLERS = 500;

faultRow(43, '500 callers of a provider that is down, without a breaker', async (context) => {
  const { server, lm } = await setUp(context, [503], { attempts: 6, breaker: false });
  const errors = await Promise.all(Array.from({ length: CALLERS }, () => failureOf(ask(lm))));
  for (const error of errors) expect(error).toBeInstanceOf(LMServerError);
  // The bucket of 500 tokens is worth 100 retries; nothing fills it while nothing succeeds.
  expect(server.requests).toHaveLength(CALLERS + 100);
  expect(errors.reduce((sum, { attempts }) => sum + attempts, 0)).toBe(CALLERS + 100);
  expect(errors.some(({ message }) => message.includes('Not tried again'))).toBe(true);
  // They come again, and again: no retries any more.
  for (let round = 0; round < 2; round += 1) {
    await Promise.all(Array.from({ length: CALLERS }, () => failureOf(ask(lm))));
  }
  expect(server.requests).toHaveLength(3 * CALLERS + 100);
  return { happened: '100 retries for 1,500 calls', attempts: '600 for 500 callers' };
});

faultRow(43, '500 callers of a provider that is down', async (context) => {
  const { server, lm } = await setUp(context, [503], { attempts: 6, maxConcurrent: 32 });
  const errors = await Promise.all(Array.from({ length: CALLERS }, () => failureOf(ask(lm))));
  expect(errors.filter(({ attempts }) => attempts === 0).length).toBeGreaterThan(CALLERS / 2);
  expect(server.requests.length).toBeLessThanOrEqual(64);
  expect(lm.stats()).toMatchObject({ breaker: 'open', queued: 0, inFlight: 0 });
  return {
    happened: 'the circuit opened; whoever waited was sent away',
    attempts: `${server.requests.length} for 500 callers`,
  };
});
