import { expect } from 'vitest';
import { LMQuotaError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { ask, failureOf, type Step, setUp, textOf } from '../../resilient-client';

const spent: Step = ({ reply }) =>
  reply(429, { error: { code: 'insufficient_quota', message: 'You have no money left.' } });

faultRow(15, 'money is spent while 20 calls wait', async (context) => {
  const { server, lm } = await setUp(context, [spent, 'refilled'], { maxConcurrent: 1, attempts: 6 });
  const errors = await Promise.all(Array.from({ length: 21 }, () => failureOf(ask(lm))));
  for (const error of errors) expect(error).toBeInstanceOf(LMQuotaError);
  expect(errors.map(({ attempts }) => attempts)).toEqual([1, ...Array.from({ length: 20 }, () => 0)]);
  expect(new Set(errors).size).toBe(21);
  // The pause lasts: nothing is sent until it is over or somebody says that there is money again.
  const later = await failureOf(ask(lm));
  expect(later).toBeInstanceOf(LMQuotaError);
  expect(later.message).toContain('You have no money left.');
  expect(server.requests).toHaveLength(1);
  lm.reset();
  expect(await textOf(lm)).toBe('refilled');
  return { happened: '1 request, LMQuotaError for all 21 callers, nothing sent until reset()', attempts: 1 };
});

faultRow(15, 'the pause after spent money ends by itself', async (context) => {
  const { server, lm } = await setUp(context, [spent, 'refilled'], { quotaPauseMs: 400 });
  await failureOf(ask(lm));
  expect((await failureOf(ask(lm))).attempts).toBe(0);
  await expect.poll(() => lm.stats().pauseMs, { interval: 5 }).toBe(0);
  expect(await textOf(lm)).toBe('refilled');
  expect(server.requests).toHaveLength(2);
  return { happened: 'after quotaPauseMs the next call was sent', attempts: 2 };
});
