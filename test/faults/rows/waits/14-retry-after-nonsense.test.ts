import { expect, vi } from 'vitest';
import { LMRateLimitError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { ask, failureOf, setUp } from '../../resilient-client';
import { retriesOf } from '../../retries';

const LONGEST_TIMER_MS = 2 ** 31 - 1;

for (const wait of ['30', '1e308', '99999999999999999999']) {
  faultRow(14, `429 with Retry-After: ${wait}, longer than the deadline`, async (context) => {
    const timers = vi.spyOn(globalThis, 'setTimeout');
    context.after(() => timers.mockRestore());
    const { server, lm } = await setUp(context, [[429, { 'retry-after': wait }]], { deadlineMs: 10_000 });
    const startedAt = performance.now();
    const error = await failureOf(ask(lm));
    expect(performance.now() - startedAt).toBeLessThan(5_000);
    expect(error).toBeInstanceOf(LMRateLimitError);
    expect(error.retryAfter).toBeGreaterThanOrEqual(30_000);
    expect(error.attempts).toBe(1);
    // A call that comes in the pause and has less time than that is told at once, without a request.
    const next = await failureOf(ask(lm));
    expect(next).toBeInstanceOf(LMRateLimitError);
    expect(next.retryAfter).toBeGreaterThan(10_000);
    expect(next.attempts).toBe(0);
    expect(server.requests).toHaveLength(1);
    for (const [, ms] of timers.mock.calls) expect(ms ?? 0).toBeLessThanOrEqual(LONGEST_TIMER_MS);
    return { happened: 'failed at once, with retryAfter', attempts: 1 };
  });
}

for (const wait of ['-5', 'NaN', 'soon', '']) {
  faultRow(14, `429 with Retry-After: '${wait}', which means nothing`, async (context) => {
    const retries = retriesOf(context.after);
    const steps = [[429, { 'retry-after': wait }], 'at last'] as const;
    const { server, lm } = await setUp(context, steps, { random: () => 1, baseDelayMs: 7 });
    expect((await ask(lm)).attempts).toBe(2);
    expect(server.requests).toHaveLength(2);
    expect(retries.map(({ waitMs }) => waitMs)).toEqual([7]);
    return { happened: 'our own back-off of 7 ms applied', attempts: 2 };
  });
}
