import assert from 'node:assert/strict';
import { LMClosedError } from '../../core/errors/lm-errors';
import { LM } from '../../core/ports/lm';
import type { LMResponse } from '../../core/primitives/lm-response';
import { NO_USAGE, type Usage } from '../../core/primitives/usage';

/** One promise of the port, and how to test it. */
export interface LMLaw {
  /** The promise, in a user's words. */
  readonly name: string;
  /** Rejects with what is wrong. `make` gives a fresh LM each time, which answers any question; the law closes it. */
  readonly check: (make: () => LM | Promise<LM>) => Promise<void>;
}

const MESSAGES = Object.freeze([Object.freeze({ role: 'user' as const, content: 'Say a word.' })]);

/**
 * What every LM promises, client or layer, as tests that any test runner can run:
 * `for (const law of lmLaws) test(law.name, () => law.check(() => new MyLM()))`.
 */
export const lmLaws: readonly LMLaw[] = Object.freeze([
  law('has a model, an endpoint, defaults and capabilities', async (lm) => {
    assert.ok(lm instanceof LM, 'it does not extend LM');
    assert.ok(lm.model !== '' && lm.endpoint !== '', 'model or endpoint is empty');
    assert.equal(typeof lm.defaults, 'object');
    for (const able of ['jsonMode', 'jsonSchema', 'functionCalling', 'reasoning'] as const) {
      assert.equal(typeof lm.capabilities[able], 'boolean', `capabilities.${able} is no boolean`);
    }
  }),
  law('makes a request of its defaults with the options of the call on top', async (lm) => {
    const request = lm.createRequest(MESSAGES, { seed: 7 }, 'a rollout');
    assert.deepEqual(request, {
      endpoint: lm.endpoint,
      model: lm.model,
      messages: MESSAGES,
      options: { ...lm.defaults, seed: 7 },
      rolloutId: 'a rollout',
    });
    assert.ok(!('rolloutId' in lm.createRequest(MESSAGES)), 'a request without rollout id has one');
  }),
  law('answers with a frozen response of at least one completion', async (lm) => {
    const response = await lm.generate(lm.createRequest(MESSAGES));
    checkResponse(response);
  }),
  law('takes a frozen request and leaves it as it was', async (lm) => {
    const request = Object.freeze({ ...lm.createRequest(MESSAGES), options: Object.freeze({ maxTokens: 5 }) });
    const before = JSON.stringify(request);
    await lm.generate(request);
    assert.equal(JSON.stringify(request), before);
  }),
  law('answers many callers at once', async (lm) => {
    const calls = Array.from({ length: 16 }, (_, index) => lm.generate(lm.createRequest(MESSAGES, {}, index)));
    for (const response of await Promise.all(calls)) checkResponse(response);
    assert.equal(lm.stats().inFlight, 0, 'calls are in flight after all have ended');
  }),
  law('rejects a call whose signal has fired with the reason, and counts no request', async (lm) => {
    const reason = new Error('the caller had enough');
    const before = lm.stats().requests;
    await rejectsWith(lm.generate(lm.createRequest(MESSAGES), { signal: AbortSignal.abort(reason) }), reason);
    assert.equal(lm.stats().requests, before, 'a request was sent');
  }),
  law('settles when the signal fires in the middle of a call, and works on', async (lm) => {
    const controller = new AbortController();
    const reason = new Error('the caller had enough');
    const call = lm.generate(lm.createRequest(MESSAGES), { signal: controller.signal });
    controller.abort(reason);
    await rejectsWith(call, reason);
    checkResponse(await lm.generate(lm.createRequest(MESSAGES)));
  }),
  law('counts itself in whole numbers', async (lm) => {
    await lm.generate(lm.createRequest(MESSAGES));
    const { breaker, ...counts } = lm.stats();
    for (const name of ['inFlight', 'queued', 'requests', 'cacheHits', 'shared'] as const) {
      assert.ok(Number.isSafeInteger(counts[name]) && counts[name] >= 0, `stats().${name} is ${counts[name]}`);
    }
    assert.ok(['closed', 'open', 'half-open', 'none'].includes(breaker), `stats().breaker is ${breaker}`);
  }),
  law('closes as often as one likes, and then rejects with LMClosedError', async (lm) => {
    await lm.close();
    await lm.close();
    await assert.rejects(lm.generate(lm.createRequest(MESSAGES)), LMClosedError);
  }),
]);

function law(name: string, check: (lm: LM) => Promise<void>): LMLaw {
  return Object.freeze({
    name,
    check: async (make: () => LM | Promise<LM>) => {
      const lm = await make();
      try {
        await check(lm);
      } finally {
        await lm.close();
      }
    },
  });
}

function checkResponse(response: LMResponse): void {
  assert.ok(response.completions.length > 0, 'there is no completion');
  for (const completion of response.completions) {
    assert.equal(typeof completion.text, 'string');
    assert.ok(Object.isFrozen(completion), 'a completion is not frozen');
  }
  assert.ok(Object.isFrozen(response) && Object.isFrozen(response.completions), 'the response is not frozen');
  assert.equal(typeof response.cached, 'boolean');
  assert.equal(response.attempts > 0, !response.cached, 'attempts are above 0 unless the answer is cached');
  for (const name of Object.keys(NO_USAGE) as (keyof Usage)[]) {
    assert.ok(response.usage[name] >= 0, `usage.${name} is ${response.usage[name]}`);
  }
}

async function rejectsWith(call: Promise<unknown>, reason: Error): Promise<void> {
  const outcome = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  );
  assert.equal(outcome, reason, 'it did not reject with the reason of the signal');
}
