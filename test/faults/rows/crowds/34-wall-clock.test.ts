import { cached, MemoryCache } from 'dspex/clients';
import { expect, vi } from 'vitest';
import { CircuitOpenError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { ask, failureOf, pass, setUp, textOf } from '../../resilient-client';
import { retriesOf } from '../../retries';

const HOUR_MS = 3_600_000;

for (const [direction, jumpMs] of [
  ['forward', HOUR_MS],
  ['back', -HOUR_MS],
] as const) {
  faultRow(34, `the wall clock jumps an hour ${direction}`, async (context) => {
    vi.useFakeTimers({ toFake: ['Date'] });
    context.after(() => vi.useRealTimers());
    const jump = () => vi.setSystemTime(Date.now() + jumpMs);
    const retries = retriesOf(context.after);
    const steps = [500, 500, 500, 'well', [429, { 'retry-after-ms': '100' }], 'again', 'last'] as const;
    const { server, lm } = await setUp(context, steps, {
      attempts: 2,
      random: () => 0,
      breaker: { preset: 'strict', failures: 3, openMs: 400 },
    });
    const kept = cached(lm, { cache: context.use(new MemoryCache({ ttlSeconds: 60 })) });

    await failureOf(ask(lm));
    const opened = await failureOf(ask(lm));
    expect(opened.attempts).toBe(1);
    const openedAt = performance.now();
    jump();
    const refused = await failureOf(ask(lm));
    if (performance.now() - openedAt < 350) expect(refused).toBeInstanceOf(CircuitOpenError);
    await pass(420);
    jump();
    expect(await textOf(kept)).toBe('well');
    jump();
    expect((await ask(kept)).cached).toBe(true);

    const startedAt = performance.now();
    const waiting = ask(lm);
    await expect.poll(() => server.requests.length, { interval: 1 }).toBe(5);
    jump();
    expect((await waiting).attempts).toBe(2);
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(99);
    expect(retries.at(-1)?.waitMs).toBe(100);
    expect(lm.stats()).toMatchObject({ queued: 0, inFlight: 0, breaker: 'closed' });
    expect(server.requests).toHaveLength(6);
    return { happened: 'breaker, cache, retry and deadline kept their time', attempts: server.requests.length };
  });
}
