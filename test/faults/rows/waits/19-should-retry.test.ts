import { expect } from 'vitest';
import { LMServerError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { ask, failureOf, setUp } from '../../resilient-client';

faultRow(19, 'x-should-retry: false on a 500', async (context) => {
  const { server, lm } = await setUp(context, [[500, { 'x-should-retry': 'false' }], 'never seen']);
  const error = await failureOf(ask(lm));
  expect(error).toBeInstanceOf(LMServerError);
  expect(error.attempts).toBe(1);
  expect(server.requests).toHaveLength(1);
  return { happened: 'not tried again', attempts: 1 };
});

faultRow(19, 'x-should-retry: true on a 400', async (context) => {
  const { server, lm } = await setUp(context, [[400, { 'x-should-retry': 'true' }], 'after all']);
  const response = await ask(lm);
  expect(response.completions[0]?.text).toBe('after all');
  expect(response.attempts).toBe(2);
  expect(server.requests).toHaveLength(2);
  return { happened: 'tried again, and answered', attempts: 2 };
});
