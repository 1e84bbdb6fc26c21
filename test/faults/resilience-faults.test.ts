import { OpenAICompatible, type ResilienceOptions, resilient } from 'dspex/clients';
import { type MockScript, startMockServer } from 'dspex/testing';
import { afterEach, describe, expect, test } from 'vitest';
import {
  CircuitOpenError,
  LMAuthError,
  type LMError,
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMQueueFullError,
  LMQuotaError,
  LMRateLimitError,
  LMServerError,
  LMTimeoutError,
  LMTransportError,
} from '../../src/core/errors/lm-errors';
import type { LM } from '../../src/core/ports/lm';
import { closedPort } from './raw-server';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

async function setUp(respond: MockScript, options: ResilienceOptions = {}) {
  const server = await startMockServer({ respond });
  const lm = resilient(new OpenAICompatible({ model: 'm', baseUrl: server.url }), { baseDelayMs: 2, ...options });
  open.push(lm, server);
  return { server, lm };
}

const ask = (lm: LM, scope: { signal?: AbortSignal; deadlineMs?: number } = {}) =>
  lm.generate(lm.createRequest([{ role: 'user', content: 'q' }]), scope);

const failureOf = async (promise: Promise<unknown>) =>
  (await promise.then(
    () => undefined,
    (error) => error,
  )) as LMError;

describe('a passing failure', () => {
  test.each([408, 409, 429, 500, 502, 503, 504, 529])(
    'of status %i is tried again, and the answer says how often',
    async (status) => {
      const { server, lm } = await setUp([{ status }, { status }, 'at last']);
      const response = await ask(lm);
      expect(response.completions[0]?.text).toBe('at last');
      expect(response.attempts).toBe(3);
      expect(server.requests).toHaveLength(3);
    },
  );

  test.each([
    ['a reset', { cut: 'connection' }],
    ['half a body', { cut: 'body' }],
    ['something that is no completion', { body: '{"choices": [{"mess' }],
  ] as const)('such as %s is tried again', async (_name, reply) => {
    const { server, lm } = await setUp([reply, 'at last']);
    expect((await ask(lm)).attempts).toBe(2);
    expect(server.requests).toHaveLength(2);
  });

  test('that lasts is the error of the last attempt, with their number', async () => {
    const { server, lm } = await setUp({ status: 503 });
    const failure = await failureOf(ask(lm));
    expect(failure).toBeInstanceOf(LMServerError);
    expect(failure.attempts).toBe(3);
    expect(server.requests).toHaveLength(3);
  });

  test('such as a refused connection is tried three times', async () => {
    const lm = resilient(new OpenAICompatible({ model: 'm', baseUrl: await closedPort() }), { baseDelayMs: 2 });
    const failure = await failureOf(ask(lm));
    expect(failure).toBeInstanceOf(LMTransportError);
    expect(failure.attempts).toBe(3);
    expect(lm.stats().requests).toBe(3);
  });
});

describe('a lasting failure', () => {
  test.each([
    [400, LMInvalidRequestError],
    [401, LMAuthError],
    [403, LMAuthError],
    [404, LMInvalidRequestError],
    [413, LMInvalidRequestError],
    [422, LMInvalidRequestError],
  ])('of status %i is never tried again and never opens the circuit', async (status, expected) => {
    const { server, lm } = await setUp({ status }, { breaker: { preset: 'strict', failures: 1 } });
    for (let round = 0; round < 5; round += 1) expect(await failureOf(ask(lm))).toBeInstanceOf(expected);
    expect(server.requests).toHaveLength(5);
    expect(lm.stats().breaker).toBe('closed');
  });

  test('such as spent money is never tried again, though its status is 429', async () => {
    const { server, lm } = await setUp({ status: 429, body: { error: { code: 'insufficient_quota', message: 'no' } } });
    expect(await failureOf(ask(lm))).toBeInstanceOf(LMQuotaError);
    expect(server.requests).toHaveLength(1);
  });
});

describe('the word of the server', () => {
  test('x-should-retry beats the status, both ways', async () => {
    const never = await setUp([{ status: 500, headers: { 'x-should-retry': 'false' } }, 'never seen']);
    expect(await failureOf(ask(never.lm))).toBeInstanceOf(LMServerError);
    expect(never.server.requests).toHaveLength(1);
    const once = await setUp([{ status: 400, headers: { 'x-should-retry': 'true' } }, 'after all']);
    expect((await ask(once.lm)).completions[0]?.text).toBe('after all');
  });

  test('retry-after-ms: 0 means at once, whatever retry-after says', async () => {
    const headers = { 'retry-after-ms': '0', 'retry-after': '30' };
    const atOnce = await setUp([{ status: 429, headers }, 'soon'], { deadlineMs: 5_000 });
    expect((await ask(atOnce.lm)).attempts).toBe(2);
  });

  test.each(['30', '1e308', new Date(Date.now() + 60_000).toUTCString()])(
    'Retry-After: %s is longer than the deadline, so the call fails at once and says so',
    async (wait) => {
      const { server, lm } = await setUp([{ status: 429, headers: { 'retry-after': wait } }, 'never seen'], {
        deadlineMs: 10_000,
      });
      const failure = await failureOf(ask(lm));
      expect(failure).toBeInstanceOf(LMRateLimitError);
      expect(failure.details.retryAfterMs).toBeGreaterThan(10_000);
      expect(server.requests).toHaveLength(1);
    },
  );

  test.each(['-5', 'NaN', 'soon', '', 'Wed, 21 Oct 2015 07:28:00 GMT'])(
    "Retry-After: '%s' says nothing, so our own wait applies",
    async (wait) => {
      const { lm } = await setUp([{ status: 429, headers: { 'retry-after': wait } }, 'soon']);
      expect((await ask(lm)).attempts).toBe(2);
    },
  );

  test.each([408, 409, 429])('a passing %i never opens the circuit, which is for 5xx and silence', async (status) => {
    const { server, lm } = await setUp({ status }, { attempts: 1, breaker: { preset: 'strict', failures: 1 } });
    for (let round = 0; round < 4; round += 1) await failureOf(ask(lm));
    expect(server.requests).toHaveLength(4);
    expect(lm.stats().breaker).toBe('closed');
  });
});

describe('the circuit', () => {
  test('opens at the threshold: two calls pay, the third fails at once without a request', async () => {
    const { server, lm } = await setUp({ status: 500 }, { attempts: 1, breaker: { preset: 'strict', failures: 2 } });
    expect(await failureOf(ask(lm))).toBeInstanceOf(LMServerError);
    expect(await failureOf(ask(lm))).toBeInstanceOf(LMServerError);
    const refused = await failureOf(ask(lm));
    expect(refused).toBeInstanceOf(CircuitOpenError);
    expect(refused.message).toContain(`m at ${server.url}`);
    expect(refused.attempts).toBe(0);
    expect((refused as CircuitOpenError).until.getTime()).toBeGreaterThan(
      (refused as CircuitOpenError).since.getTime(),
    );
    expect(server.requests).toHaveLength(2);
    expect(lm.stats().breaker).toBe('open');
  });

  test('that opens between two attempts of a call leaves the call the failure it paid for', async () => {
    const { server, lm } = await setUp({ status: 500 }, { attempts: 5, breaker: { preset: 'strict', failures: 2 } });
    const failure = await failureOf(ask(lm));
    expect(failure).toBeInstanceOf(LMServerError);
    expect(failure.attempts).toBe(2);
    expect(server.requests).toHaveLength(2);
  });

  test('by default bears nine failures in a row and opens at the tenth', async () => {
    const { server, lm } = await setUp({ status: 500 }, { attempts: 1 });
    for (let round = 0; round < 12; round += 1) await failureOf(ask(lm));
    expect(server.requests).toHaveLength(10);
  });

  test('lets one call through after the open time, and closes when that is answered', async () => {
    const { server, lm } = await setUp([{ status: 500 }, { text: 'well again', delayMs: 30 }, 'well'], {
      attempts: 1,
      breaker: { preset: 'strict', failures: 1, openMs: 30 },
    });
    await failureOf(ask(lm));
    await new Promise((resolve) => setTimeout(resolve, 40));
    const results = await Promise.allSettled(Array.from({ length: 50 }, () => ask(lm)));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    expect(server.requests).toHaveLength(2);
    expect(lm.stats().breaker).toBe('closed');
    expect((await ask(lm)).completions[0]?.text).toBe('well');
  });

  test('of one client is not the circuit of another', async () => {
    const broken = await setUp({ status: 500 }, { attempts: 1, breaker: { preset: 'strict', failures: 1 } });
    const whole = await setUp('fine', { breaker: { preset: 'strict', failures: 1 } });
    await failureOf(ask(broken.lm));
    expect(await failureOf(ask(broken.lm))).toBeInstanceOf(CircuitOpenError);
    expect((await ask(whole.lm)).completions[0]?.text).toBe('fine');
    expect(whole.lm.stats().breaker).toBe('closed');
  });

  test('that opens sends away also the calls that already wait for their turn', async () => {
    const { server, lm } = await setUp(
      { status: 500, delayMs: 10 },
      { attempts: 1, maxConcurrent: 1, breaker: { preset: 'strict', failures: 2 } },
    );
    const failures = await Promise.all(Array.from({ length: 20 }, () => failureOf(ask(lm))));
    expect(failures.filter((failure) => failure instanceof CircuitOpenError)).toHaveLength(18);
    expect(server.requests).toHaveLength(2);
  });
});

describe('the limiter', () => {
  test('never lets more requests out than it may, and answers everybody', async () => {
    const { server, lm } = await setUp({ delayMs: 5 }, { maxConcurrent: 4 });
    const calls = Array.from({ length: 40 }, () => ask(lm));
    await expect.poll(() => lm.stats().queued).toBe(36);
    await Promise.all(calls);
    expect(server.maxInFlight).toBe(4);
    expect(lm.stats()).toMatchObject({ queued: 0, inFlight: 0 });
  });

  test('refuses what does not fit into its queue', async () => {
    const { server, lm } = await setUp({ delayMs: 20 }, { maxConcurrent: 1, maxQueued: 1 });
    const results = await Promise.allSettled([ask(lm), ask(lm), ask(lm)]);
    const [refused] = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
    expect(refused).toBeInstanceOf(LMQueueFullError);
    expect(refused.attempts).toBe(0);
    expect(server.requests).toHaveLength(2);
  });
});

describe('the deadline', () => {
  test('covers attempts and waits together, and tells the last failure', async () => {
    const { lm } = await setUp([{ status: 500 }, { delayMs: 60_000 }], { deadlineMs: 80 });
    const failure = await failureOf(ask(lm));
    expect(failure).toBeInstanceOf(LMTimeoutError);
    expect(failure.attempts).toBe(2);
  });

  test('covers the time in the queue', async () => {
    const { server, lm } = await setUp({ delayMs: 60_000 }, { maxConcurrent: 1 });
    const first = failureOf(ask(lm, { deadlineMs: 120 }));
    expect(await failureOf(ask(lm, { deadlineMs: 40 }))).toBeInstanceOf(LMTimeoutError);
    expect(lm.stats().queued).toBe(0);
    await first;
    expect(server.requests).toHaveLength(1);
  });

  test('a wait of our own that does not fit is not begun', async () => {
    const { server, lm } = await setUp({ status: 500 }, { baseDelayMs: 20_000, random: () => 0.99, deadlineMs: 5_000 });
    const failure = await failureOf(ask(lm));
    expect(failure).toBeInstanceOf(LMServerError);
    expect(server.requests).toHaveLength(1);
  });
});

describe('an abort', () => {
  const reason = new Error('the caller had enough');

  test('during the wait before a retry ends the call at once, and nothing more is sent', async () => {
    const { server, lm } = await setUp(
      { status: 500 },
      { baseDelayMs: 200_000, maxDelayMs: 200_000, random: () => 0.5 },
    );
    const controller = new AbortController();
    const call = ask(lm, { signal: controller.signal });
    await expect.poll(() => server.requests.length).toBe(1);
    setTimeout(() => controller.abort(reason), 20);
    await expect(call).rejects.toBe(reason);
    expect(server.requests).toHaveLength(1);
  });

  test('in the queue leaves the queue', async () => {
    const { server, lm } = await setUp({ delayMs: 40 }, { maxConcurrent: 1 });
    const controller = new AbortController();
    const first = ask(lm);
    const second = ask(lm, { signal: controller.signal });
    expect(lm.stats().queued).toBe(1);
    controller.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(lm.stats().queued).toBe(0);
    await first;
    expect(server.requests).toHaveLength(1);
  });

  test('of a probe leaves the circuit open, and the next call is the next probe', async () => {
    const { server, lm } = await setUp([{ status: 500 }, { delayMs: 60_000 }, 'well again'], {
      attempts: 1,
      breaker: { preset: 'strict', failures: 1, openMs: 10 },
    });
    await failureOf(ask(lm));
    await new Promise((resolve) => setTimeout(resolve, 20));
    const controller = new AbortController();
    const probe = ask(lm, { signal: controller.signal });
    await expect.poll(() => server.requests.length).toBe(2);
    controller.abort(reason);
    await expect(probe).rejects.toBe(reason);
    await expect.poll(() => lm.stats().breaker).toBe('open');
    expect((await ask(lm)).completions[0]?.text).toBe('well again');
    expect(lm.stats().breaker).toBe('closed');
  });
});

test('an answer that is no completion, three times, is an invalid response', async () => {
  const { server, lm } = await setUp({ body: 'hello' });
  expect(await failureOf(ask(lm))).toBeInstanceOf(LMInvalidResponseError);
  expect(server.requests).toHaveLength(3);
});
