import { expect } from 'vitest';
import { LMServerError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { ask, failureOf, setUp } from '../../resilient-client';
import { retriesOf } from '../../retries';

for (const status of [500, 502, 503, 504, 529]) {
  faultRow(16, `status ${status}, twice`, async (context) => {
    const retries = retriesOf(context.after);
    const { server, lm } = await setUp(context, [status, status, 'at last'], { baseDelayMs: 4, random: () => 0.5 });
    const response = await ask(lm);
    expect(response.completions[0]?.text).toBe('at last');
    expect(response.attempts).toBe(3);
    expect(response.usage.lostAttempts).toBe(2);
    expect(server.requests).toHaveLength(3);
    expect(retries.map(({ waitMs }) => waitMs)).toEqual([2, 4]);
    return { happened: 'answered by the third attempt, after waits of 2 and 4 ms', attempts: 3 };
  });
}

faultRow(16, 'status 503 that lasts', async (context) => {
  const { server, lm } = await setUp(context, [503]);
  const error = await failureOf(ask(lm));
  expect(error).toBeInstanceOf(LMServerError);
  expect(error.status).toBe(503);
  expect(error.attempts).toBe(3);
  expect(server.requests).toHaveLength(3);
  return { happened: `${error.code} after 3 attempts`, attempts: 3 };
});
