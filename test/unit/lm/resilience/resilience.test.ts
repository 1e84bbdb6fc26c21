import { resilient } from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CircuitOpenError,
  LMClosedError,
  LMRateLimitError,
  LMServerError,
  LMTimeoutError,
  LMTransportError,
  MissingApiKeyError,
} from '../../../../src/core/errors/lm-errors';
import { InvalidOptionError, UnknownOptionError } from '../../../../src/core/errors/option-errors';
import type { CallScope } from '../../../../src/core/ports/lm';
import type { LMRequest } from '../../../../src/core/primitives/lm-request';
import { Resilience } from '../../../../src/lm/resilience/resilience';
import { type ResilienceOptions, resilienceSettings } from '../../../../src/lm/resilience/resilience-options';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const resilienceOf = (options: ResilienceOptions = {}) =>
  new Resilience(resilienceSettings({ baseDelayMs: 10, random: () => 0.5, ...options }), {
    model: 'm',
    endpoint: 'http://here',
  });
const failureOf = (work: Promise<unknown>) =>
  work.then(
    () => undefined,
    (error: unknown) => error,
  );
const down = () => Promise.reject(new LMServerError('down', { status: 500 }));

describe('a call of any kind', () => {
  test('brings its answer with the requests it took', async () => {
    const call = vi.fn(async () => [1, 2, 3]).mockImplementationOnce(down as never);
    const done = resilienceOf().run(call);
    await vi.advanceTimersByTimeAsync(10);
    expect(await done).toEqual({ answer: [1, 2, 3], attempts: 2, lost: 1 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test('is given its whole scope, with the time that is left', async () => {
    const scopes: CallScope[] = [];
    const call = async (scope: CallScope) => {
      scopes.push(scope);
      return scopes.length === 1 ? down() : 'fine';
    };
    const { signal } = new AbortController();
    const done = resilienceOf().run(call, { signal, deadlineMs: 1_000, cache: false, priority: 3, onDelta: () => {} });
    await vi.advanceTimersByTimeAsync(10);
    await done;
    expect(scopes[0]).toEqual({ signal, deadlineMs: 1_000, cache: false, priority: 3, onDelta: expect.any(Function) });
    expect(scopes[1]?.deadlineMs).toBeCloseTo(995, 0);
  });

  test.each([
    ['priority', '5'],
    ['priority', Number.NaN],
    ['deadlineMs', '100'],
    ['deadlineMs', Number.NaN],
  ])('is refused when its %s is %j, and nobody else waits for it', async (name, value) => {
    const resilience = resilienceOf({ maxConcurrent: 1 });
    const [first, refused, last] = [{}, { [name]: value }, {}].map((scope) =>
      failureOf(resilience.run(async () => 'fine', scope as CallScope)),
    );
    expect(await refused).toBeInstanceOf(InvalidOptionError);
    expect([await first, await last]).toEqual([undefined, undefined]);
  });

  test.each([
    ['a rate limit', () => new LMRateLimitError('slower', { status: 429 }), 5],
    ['a conflict', () => new LMServerError('in use', { status: 409 }), 5],
    ['an outage', () => new LMServerError('down', { status: 503 }), 1],
  ])('takes from the budget for retries after %s only where nobody answered', async (_, failure, saved) => {
    const resilience = resilienceOf({ retryTokens: 5, breaker: false });
    const outcomes = [1, 2, 3, 4, 5].map(() => {
      const call = vi.fn(async () => 'fine').mockRejectedValueOnce(failure());
      return failureOf(resilience.run(call));
    });
    await vi.advanceTimersByTimeAsync(1_000);
    expect((await Promise.all(outcomes)).filter((error) => error === undefined)).toHaveLength(saved);
  });

  test('is not repeated once a piece of its answer was told', async () => {
    const told: (string | undefined)[] = [];
    const held = Promise.resolve();
    const call = vi.fn(async ({ onDelta }: CallScope) => {
      expect(await Promise.all([onDelta?.({ index: 0, text: 'half' })])).toEqual([undefined]);
      return down();
    });
    const onDelta = ({ text }: { text?: string }) => {
      told.push(text);
      return held;
    };
    const failure = await failureOf(resilienceOf().run(call, { onDelta }));
    expect(failure).toBeInstanceOf(LMServerError);
    expect((failure as LMServerError).attempts).toBe(1);
    expect(told).toEqual(['half']);
    expect(call).toHaveBeenCalledTimes(1);
  });

  test('is repeated as long as no piece was told', async () => {
    const call = vi.fn(async () => 'fine').mockImplementationOnce(down as never);
    const done = resilienceOf().run(call, { onDelta: () => {} });
    await vi.advanceTimersByTimeAsync(10);
    expect((await done).attempts).toBe(2);
  });

  test('that ignores signal and deadline is given up at its deadline, and holds neither permit nor probe', async () => {
    const resilience = resilienceOf({ attempts: 1, maxConcurrent: 1, breaker: { preset: 'strict', failures: 1 } });
    const deaf = () => new Promise<never>(() => {});
    const first = failureOf(resilience.run(deaf, { deadlineMs: 100 }));
    await vi.advanceTimersByTimeAsync(120);
    expect(await first).toBeInstanceOf(LMTimeoutError);
    expect(resilience.stats.breaker).toBe('open');
    await vi.advanceTimersByTimeAsync(5_000);
    const probe = failureOf(resilience.run(deaf, { deadlineMs: 100 }));
    expect(resilience.stats.breaker).toBe('half-open');
    await vi.advanceTimersByTimeAsync(120);
    expect(await probe).toBeInstanceOf(LMTimeoutError);
    await vi.advanceTimersByTimeAsync(10_000);
    expect((await resilience.run(async () => 'well')).answer).toBe('well');
    expect(resilience.stats).toMatchObject({ breaker: 'closed', queued: 0 });
    expect(vi.getTimerCount()).toBe(0);
  });

  test("fails with what the dice throw, when they are the user's and broken, and holds no permit", async () => {
    const random = () => {
      throw new Error('no dice');
    };
    const resilience = resilienceOf({ random, maxConcurrent: 1 });
    expect(await failureOf(resilience.run(down))).toMatchObject({ message: 'no dice' });
    expect((await resilience.run(async () => 'fine')).answer).toBe('fine');
  });

  test('fails when its answer cannot be weighed, and holds no permit', async () => {
    const resilience = resilienceOf({ maxConcurrent: 1, tokensPerMinute: 1000 });
    const spent = () => {
      throw new TypeError('no usage');
    };
    expect(await failureOf(resilience.run(async () => 'odd', {}, { tokens: 1, spent }))).toBeInstanceOf(TypeError);
    expect((await resilience.run(async () => 'fine')).answer).toBe('fine');
  });

  test('whose provider cannot be found by name is tried once more and no further', async () => {
    const call = vi.fn(() => Promise.reject(new LMTransportError('no such host', { providerCode: 'ENOTFOUND' })));
    const failure = failureOf(resilienceOf({ attempts: 6 }).run(call));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(((await failure) as LMTransportError).attempts).toBe(2);
    expect(call).toHaveBeenCalledTimes(2);
  });

  test('that its client refuses before it is sent has no attempts, and says nothing about the provider', async () => {
    const resilience = resilienceOf({ breaker: { preset: 'strict', failures: 1 } });
    const failure = await failureOf(resilience.run(() => Promise.reject(new MissingApiKeyError('SOME_KEY'))));
    expect((failure as MissingApiKeyError).attempts).toBe(0);
    expect(resilience.stats.breaker).toBe('closed');
  });

  test('that waits for its turn is refused when the client is closed', async () => {
    const resilience = resilienceOf({ maxConcurrent: 1 });
    let finish = (_: string): void => undefined;
    const running = resilience.run(
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
    );
    const waiting = failureOf(resilience.run(async () => 'never'));
    resilience.close();
    expect(await waiting).toBeInstanceOf(LMClosedError);
    finish('fine');
    expect((await running).answer).toBe('fine');
  });
});

test('a call that waits for its retry ends when the client is closed, with the requests it had sent', async () => {
  const resilience = resilienceOf({ baseDelayMs: 10_000 });
  const call = vi.fn(down);
  const waiting = failureOf(resilience.run(call));
  await vi.advanceTimersByTimeAsync(1);
  resilience.close();
  const failure = (await waiting) as LMClosedError;
  expect(failure).toBeInstanceOf(LMClosedError);
  expect(failure.attempts).toBe(1);
  expect(call).toHaveBeenCalledTimes(1);
  expect(vi.getTimerCount()).toBe(0);
});

describe("the preset 'strict'", () => {
  test('gives a call 30 s in all and opens at 5 failures in 10 s; single options go on top', () => {
    const strict = resilienceSettings('strict');
    expect(strict.deadlineMs).toBe(30_000);
    expect(strict.breaker).toMatchObject({ failures: 5, windowMs: 10_000, openMs: 5_000 });
    expect(resilienceSettings({ preset: 'strict', deadlineMs: 1_000 })).toMatchObject({
      deadlineMs: 1_000,
      attempts: 3,
    });
    expect(resilienceSettings('job')).toMatchObject({ attempts: 6, deadlineMs: 300_000 });
    expect(() => resilienceSettings('lax' as never)).toThrow(InvalidOptionError);
    expect(() => resilienceSettings({ preset: 'strict', tries: 1 } as never)).toThrow(UnknownOptionError);
    expect(() => resilienceSettings({ requestsPerMinute: 0.5 })).toThrow(InvalidOptionError);
    expect(() => resilienceSettings({ adaptive: 1 } as never)).toThrow(InvalidOptionError);
  });

  test('with threshold 2: calls 1 and 2 pay the delay, call 3 fails at once, and 2 requests were sent', async () => {
    class Slow extends DummyLM {
      override async generate(request: LMRequest): Promise<never> {
        this.requests.push(request);
        await new Promise((resolve) => setTimeout(resolve, 100));
        throw new LMServerError('down', { status: 500 });
      }
    }
    const server = new Slow([]);
    const lm = resilient(server, { preset: 'strict', attempts: 1, breaker: { preset: 'strict', failures: 2 } });
    const ask = () => failureOf(lm.generate(lm.createRequest([{ role: 'user', content: 'q' }])));
    const timed = async () => {
      const startedAt = performance.now();
      const asked = ask();
      await vi.advanceTimersByTimeAsync(100);
      return { error: await asked, ms: performance.now() - startedAt };
    };
    for (let call = 1; call <= 2; call += 1) {
      const { error, ms } = await timed();
      expect(error).toBeInstanceOf(LMServerError);
      expect(ms).toBe(100);
    }
    // No timer is advanced: this settles without any time passing.
    const refused = (await ask()) as CircuitOpenError;
    expect(refused).toBeInstanceOf(CircuitOpenError);
    expect(refused.attempts).toBe(0);
    expect(refused.until.getTime() - refused.since.getTime()).toBe(5_000);
    expect(server.requests).toHaveLength(2);
  });
});

test('a call that meets an open circuit fails in under a millisecond', async () => {
  vi.useRealTimers();
  const resilience = resilienceOf({ attempts: 1, breaker: { preset: 'strict', failures: 1 } });
  await failureOf(resilience.run(down));
  const times: number[] = [];
  for (let call = 0; call < 500; call += 1) {
    const startedAt = performance.now();
    const error = await failureOf(resilience.run(async () => 'never'));
    times.push(performance.now() - startedAt);
    expect(error).toBeInstanceOf(CircuitOpenError);
  }
  // The median, because a busy machine may stop any single call.
  expect(times.sort((a, b) => a - b)[250]).toBeLessThan(1);
});
