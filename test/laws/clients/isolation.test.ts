import { composeLM, OpenAICompatible } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { expect, test } from 'vitest';
import { ANSWER, ask } from '../../faults/calls';

const ROUNDS = 9;
const CALLS = 60;

const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number;
const p99 = (values: readonly number[]) => values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] as number;

test('a provider that hangs or resets neither slows nor changes the client of another', async () => {
  await using healthy = await startFaultServer(async ({ pause, reply }) => {
    await pause(2);
    await reply(200, ANSWER);
  });
  await using sick = await startFaultServer(async ({ pause, reset }, index) => {
    if (index % 2 === 0) await pause(60_000);
    else reset();
  });
  const stack = { cache: false, singleFlight: false } as const;
  const resilience = { maxConcurrent: 16, attempts: 2, baseDelayMs: 1 };
  await using well = composeLM(new OpenAICompatible({ model: 'm', baseUrl: healthy.url }), { ...stack, resilience });
  await using ill = composeLM(new OpenAICompatible({ model: 'm', baseUrl: sick.url }), { ...stack, resilience });

  const round = async () => {
    const startedAt = performance.now();
    const times = await Promise.all(
      Array.from({ length: CALLS }, async () => {
        await ask(well);
        return performance.now() - startedAt;
      }),
    );
    return { wholeMs: Math.max(...times), slowMs: p99(times) };
  };
  const besideSick = async () => {
    const leave = new AbortController();
    const calls = Array.from({ length: CALLS }, () => ask(ill, { signal: leave.signal }).catch(() => undefined));
    const measured = await round();
    leave.abort(new Error('the round is over'));
    await Promise.all(calls);
    return measured;
  };
  await round();
  await besideSick();
  const [alone, beside]: { wholeMs: number; slowMs: number }[][] = [[], []];
  for (let count = 0; count < ROUNDS; count += 1) {
    alone?.push(await round());
    beside?.push(await besideSick());
  }
  for (const of of ['wholeMs', 'slowMs'] as const) {
    const ratio = median((beside ?? []).map((one) => one[of])) / median((alone ?? []).map((one) => one[of]));
    // The neighbour's own requests take their share of the one thread; its waits, of seconds, would show as a ratio of hundreds.
    expect(ratio).toBeLessThan(10);
  }
  expect(well.stats()).toMatchObject({ breaker: 'closed', queued: 0, limit: 16, pauseMs: 0 });
  expect(ill.stats().inFlight).toBe(0);
});
