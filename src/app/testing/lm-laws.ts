import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { LMClosedError } from '../../core/errors/lm-errors';
import { LM } from '../../core/ports/lm';
import type { LMDelta } from '../../core/primitives/lm-delta';
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
  law('tells an answer in pieces whose sum is the answer, or tells nothing before it', async (lm) => {
    const pieces: LMDelta[] = [];
    let settled = false;
    let late = 0;
    const response = await lm.generate(lm.createRequest(MESSAGES), {
      onDelta: (delta) => {
        if (settled) late += 1;
        else pieces.push(delta);
      },
    });
    settled = true;
    checkResponse(response);
    await later();
    assert.equal(late, 0, 'a piece was told after the end');
    checkPieces(pieces, response);
  }),
  law('waits for whoever takes the pieces', async (lm) => {
    let taking = 0;
    let most = 0;
    let taken = 0;
    const response = await lm.generate(lm.createRequest(MESSAGES), {
      onDelta: async () => {
        taking += 1;
        most = Math.max(most, taking);
        await later();
        taking -= 1;
        taken += 1;
      },
    });
    checkResponse(response);
    assert.ok(most <= 1, `${most} pieces were told at a time`);
    assert.equal(taking, 0, `the answer came while piece ${taken} was still being taken`);
  }),
  law('rejects with the reason when the signal fires between two pieces, and tells no more', async (lm) => {
    const controller = new AbortController();
    const reason = new Error('the caller has read enough');
    let told = 0;
    const call = lm.generate(lm.createRequest(MESSAGES), {
      signal: controller.signal,
      onDelta: async () => {
        told += 1;
        controller.abort(reason);
        await later();
      },
    });
    const outcome = await call.then(
      () => 'an answer',
      (error: unknown) => error,
    );
    // Who cannot stream has no piece at which the signal could fire.
    if (told > 0) assert.equal(outcome, reason, 'it did not reject with the reason of the signal');
    const before = told;
    await later();
    assert.ok(told <= 1 && told === before, 'a piece was told after the signal had fired');
    checkResponse(await lm.generate(lm.createRequest(MESSAGES)));
  }),
  law('passes on what the receiver of the pieces throws', async (lm) => {
    const broken = new Error('the receiver is broken');
    let told = false;
    const outcome = await lm
      .generate(lm.createRequest(MESSAGES), {
        onDelta: () => {
          told = true;
          throw broken;
        },
      })
      .then(
        () => 'an answer',
        (error: unknown) => error,
      );
    if (told) assert.equal(outcome, broken, 'the call did not reject with what the receiver threw');
  }),
  law('leaves no listener on a signal that outlives the call', async (lm) => {
    const { signal } = new AbortController();
    for (let call = 0; call < 3; call += 1) await lm.generate(lm.createRequest(MESSAGES, {}, call), { signal });
    assert.equal(getEventListeners(signal, 'abort').length, 0, 'listeners are left on the signal');
  }),
  law('asks anew each time for a call without cache, unless it never asks', async (lm) => {
    const request = lm.createRequest(MESSAGES);
    const first = await lm.generate(request, { cache: false });
    const second = await lm.generate(request, { cache: false });
    // What answers from a recording alone has nobody to ask.
    assert.equal(second.cached, first.cached, 'the second answer is cached, the first was not');
    for (const response of [first, second]) checkResponse(response);
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
    const { inFlight, queued } = lm.stats();
    assert.deepEqual({ inFlight, queued }, { inFlight: 0, queued: 0 }, 'calls are left after the close');
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
    assert.ok(Number.isFinite(response.usage[name]), `usage.${name} is ${response.usage[name]}`);
    assert.ok(response.usage[name] >= 0, `usage.${name} is ${response.usage[name]}`);
  }
  const { usage, attempts, cached } = response;
  assert.equal(usage.calls + usage.cachedCalls, 1, 'the usage of one answer counts it once');
  assert.equal(usage.cachedCalls, cached ? 1 : 0, 'usage.cachedCalls says otherwise than cached');
  assert.equal(
    usage.lostAttempts,
    Math.max(0, attempts - 1),
    'usage.lostAttempts are the attempts without the last one',
  );
  assert.ok(usage.unpricedCalls <= usage.calls, 'more calls without price than calls');
}

/** Pieces joined are texts and thoughts of the completions; none at all is allowed, some of them is not. */
function checkPieces(pieces: readonly LMDelta[], response: LMResponse): void {
  if (pieces.length === 0) return;
  response.completions.forEach((completion, index) => {
    const mine = pieces.filter((piece) => piece.index === index);
    const text = mine.map((piece) => piece.text ?? '').join('');
    assert.equal(text, completion.text, `the pieces of completion ${index} are not its text`);
    const reasoning = mine.map((piece) => piece.reasoning ?? '').join('');
    assert.equal(reasoning, completion.reasoning ?? '', `the pieces of completion ${index} are not its reasoning`);
  });
  const strange = pieces.find(({ index }) => response.completions[index] === undefined);
  assert.equal(strange, undefined, 'a piece belongs to no completion');
}

/** Some turns of the event loop: enough for whatever is already on its way. */
async function later(): Promise<void> {
  for (let turn = 0; turn < 3; turn += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function rejectsWith(call: Promise<unknown>, reason: Error): Promise<void> {
  const outcome = await call.then(
    () => 'an answer',
    (error: unknown) => error,
  );
  assert.equal(outcome, reason, 'it did not reject with the reason of the signal');
}
