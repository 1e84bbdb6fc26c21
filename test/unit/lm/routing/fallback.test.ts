import {
  AllFailedError,
  Budget,
  BudgetExceededError,
  type CallScope,
  ContextWindowExceededError,
  context,
  type LMError,
  LMInvalidRequestError,
  type LMRequest,
  type LMResponse,
  LMServerError,
  LMTimeoutError,
  MemoryCache,
} from 'dspex';
import { composeLM, fallback } from 'dspex/clients';
import { DummyLM, recordEvents } from 'dspex/testing';
import { expect, test } from 'vitest';
import { InvalidOptionError, UnknownOptionError } from '../../../../src/core/errors/option-errors';
import { ask, failureOf } from '../../../faults/calls';

const down = () => new LMServerError('down');
const named = (model: string, answer: string | Error, more = {}) => new DummyLM(() => answer, { model, ...more });

test('asks the next LM after an outage, with its own model, and shows the lost attempts', async () => {
  const [a, b] = [named('a', down()), named('b', 'from b')];
  const lm = fallback(a, b);
  const answer = await lm.generate(lm.createRequest([{ role: 'user', content: 'q' }], { temperature: 0.3 }));
  expect(answer).toMatchObject({ model: 'b', attempts: 2, usage: { calls: 1, lostAttempts: 1 } });
  expect(b.requests).toMatchObject([{ model: 'b', endpoint: 'dummy:', options: { temperature: 0.3 } }]);
  expect(lm.stats()).toMatchObject({ requests: 2, inFlight: 0 });
});

test('does not ask the second one while the first answers', async () => {
  const b = named('b', 'from b');
  expect(await ask(fallback(named('a', 'from a'), b))).toMatchObject({ model: 'a', attempts: 1 });
  expect(b.requests).toHaveLength(0);
});

test('a refused request goes to nobody else, unless it is told', async () => {
  const refusal = () => named('a', new LMInvalidRequestError('bad'));
  const b = named('b', 'from b');
  expect(await failureOf(ask(fallback(refusal(), b)))).toBeInstanceOf(LMInvalidRequestError);
  expect(b.requests).toHaveLength(0);
  const when = (error: LMError) => error instanceof LMInvalidRequestError;
  expect(await ask(fallback(refusal(), b, { when }))).toMatchObject({ model: 'b' });
});

test('a prompt that does not fit goes on only where that is asked for', async () => {
  const small = () => named('a', new ContextWindowExceededError('too long'));
  expect(await failureOf(ask(fallback(small(), named('b', 'fits'))))).toBeInstanceOf(ContextWindowExceededError);
  expect(await ask(fallback(small(), named('b', 'fits'), { contextWindow: true }))).toMatchObject({ model: 'b' });
});

test('when all fail the error lists each of them, and sums the attempts', async () => {
  const error = await failureOf(ask(fallback(named('a', down()), named('b', new LMInvalidRequestError('bad')))));
  expect(error).toBeInstanceOf(AllFailedError);
  expect(error).toMatchObject({ attempts: 2, retryable: true, outage: false, code: 'LM_ALL_FAILED' });
  expect((error as AllFailedError).errors.map(({ name }) => name)).toEqual(['LMServerError', 'LMInvalidRequestError']);
  expect(error.message).toContain('1. LMServerError: down 2. LMInvalidRequestError: bad');
});

test('after the first piece nobody else is asked', async () => {
  class Breaks extends DummyLM {
    override async generate(...[request, scope]: Parameters<DummyLM['generate']>) {
      await scope?.onDelta?.({ index: 0, text: 'par' });
      return super.generate(request, {});
    }
  }
  const b = named('b', 'from b');
  const told: unknown[] = [];
  const failed = failureOf(ask(fallback(new Breaks(() => down()), b), { onDelta: ({ text }) => void told.push(text) }));
  expect(await failed).toBeInstanceOf(LMServerError);
  expect([told, b.requests]).toEqual([['par'], []]);
});

test('an abort ends it with the reason of the caller, and a deadline with the failure so far', async () => {
  const controller = new AbortController();
  const b = named('b', 'from b');
  const a = new DummyLM(async () => {
    controller.abort(new Error('enough'));
    return down();
  });
  await expect(ask(fallback(a, b), { signal: controller.signal })).rejects.toThrow();
  const slow = new DummyLM(() => new Promise((resolve) => setTimeout(() => resolve(down()), 15)));
  expect(await failureOf(ask(fallback(slow, b), { deadlineMs: 10 }))).toBeInstanceOf(LMServerError);
  expect(b.requests).toHaveLength(0);
});

test('the next one gets the time that is left, and with attemptMs the first one no more than that', async () => {
  const times: (number | undefined)[] = [];
  class Spy extends DummyLM {
    override generate(...[request, scope]: Parameters<DummyLM['generate']>) {
      times.push(scope?.deadlineMs);
      return super.generate(request, scope);
    }
  }
  const lm = fallback(new Spy(() => down()), new Spy(() => 'well'), { attemptMs: 100 });
  await ask(lm, { deadlineMs: 5_000 });
  await ask(lm);
  expect(times).toEqual([100, expect.any(Number), 100, undefined]);
  expect(times[1]).toBeGreaterThan(4_000);
});

test('can do what all of them can', () => {
  const lm = fallback(
    named('a', '', {
      capabilities: { jsonSchema: true, jsonMode: true, images: true, maxOutputTokens: 500, logprobs: true },
    }),
    named('b', '', { capabilities: { jsonMode: true, images: false, maxOutputTokens: 200 } }),
  );
  expect(lm.capabilities).toEqual({
    ...{ jsonMode: true, jsonSchema: false, functionCalling: false, reasoning: false },
    ...{ images: false, maxOutputTokens: 200 },
  });
});

test('under composeLM a failure of all is tried again', async () => {
  const flaky = new DummyLM((_request, index) => (index === 0 ? down() : 'well'));
  const lm = composeLM(fallback(named('a', down()), flaky), { resilience: { baseDelayMs: 1 } });
  expect(await ask(lm)).toMatchObject({ usage: { lostAttempts: 3 } });
  await lm.close();
});

test('refuses what it cannot work with', () => {
  const a = named('a', '');
  expect(() => fallback(a, a)).toThrow(InvalidOptionError);
  expect(() => fallback(a, { whenever: 1 } as never)).toThrow(UnknownOptionError);
  expect(() => fallback(a, { when: 'always' } as never)).toThrow(InvalidOptionError);
  expect(() => (fallback as unknown as () => unknown)()).toThrow(InvalidOptionError);
});

test('each LM has its own defaults under what the caller asked for', async () => {
  const a = named('a', down(), { defaults: { temperature: 0, maxTokens: 10, extra: { onlyFor: 'a' } } });
  const b = named('b', 'from b', { defaults: { topP: 0.5, maxTokens: 99 } });
  const lm = fallback(a, b);
  await lm.generate(lm.createRequest([{ role: 'user', content: 'q' }], { seed: 7, temperature: 1 }));
  expect(a.requests[0]?.options).toEqual({ temperature: 1, maxTokens: 10, extra: { onlyFor: 'a' }, seed: 7 });
  expect(b.requests[0]?.options).toEqual({ temperature: 1, topP: 0.5, maxTokens: 99, seed: 7 });
});

test('a spent budget is the business of nobody else, and keeps its class', async () => {
  const b = named('b', 'from b');
  const lm = fallback(composeLM(named('a', 'from a')), composeLM(b));
  const refused = context({ budget: new Budget({ calls: 0 }) }, () => ask(lm));
  await expect(refused).rejects.toBeInstanceOf(BudgetExceededError);
  expect(b.requests).toHaveLength(0);
});

test('an LM that does not answer gets half of the time', async () => {
  class Silent extends DummyLM {
    override generate(_: LMRequest, { deadlineMs = 0 }: CallScope = {}): Promise<LMResponse> {
      return new Promise((_, reject) => setTimeout(() => reject(new LMTimeoutError('silence')), deadlineMs));
    }
  }
  const answer = await ask(fallback(new Silent(() => ''), named('b', 'from b')), { deadlineMs: 100 });
  expect(answer).toMatchObject({ model: 'b', usage: { lostAttempts: 1 } });
});

test('a cache above it is not the cache of the first', async () => {
  const cache = new MemoryCache();
  const a = named('a', down());
  expect(await ask(composeLM(fallback(a, named('b', 'from b')), { cache }))).toMatchObject({ model: 'b' });
  const alone = composeLM(a, { cache, resilience: { attempts: 1 } });
  expect(await failureOf(ask(alone))).toBeInstanceOf(LMServerError);
});

test('says on dspex:routing who is asked instead of whom', async () => {
  const recorder = recordEvents('routing');
  await ask(fallback(named('a', down()), named('b', 'from b')));
  recorder.close();
  expect(recorder.events).toMatchObject([{ by: 'fallback', from: 'a', to: 'b', code: 'LM_SERVER' }]);
});
