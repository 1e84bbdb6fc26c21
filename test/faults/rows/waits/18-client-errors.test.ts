import { expect } from 'vitest';
import { LMAuthError, LMInvalidRequestError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { ask, failureOf, setUp, textOf } from '../../resilient-client';

const CALLS = 1_000;

for (const [status, expected] of [
  [400, LMInvalidRequestError],
  [401, LMAuthError],
  [403, LMAuthError],
  [404, LMInvalidRequestError],
  [413, LMInvalidRequestError],
  [422, LMInvalidRequestError],
] as const) {
  faultRow(18, `status ${status}, a thousand times`, async (context) => {
    const steps = Array.from({ length: CALLS }, () => status);
    const { server, lm } = await setUp(context, [...steps, 'fine'], { breaker: 'strict', maxConcurrent: 20 });
    const errors = await Promise.all(Array.from({ length: CALLS }, () => failureOf(ask(lm))));
    for (const error of errors) expect(error).toBeInstanceOf(expected);
    expect(new Set(errors.map(({ attempts }) => attempts))).toEqual(new Set([1]));
    expect(server.requests).toHaveLength(CALLS);
    expect(lm.stats().breaker).toBe('closed');
    expect(await textOf(lm)).toBe('fine');
    return { happened: `${errors[0]?.code} each time, the circuit closed`, attempts: '1 per call' };
  });
}
