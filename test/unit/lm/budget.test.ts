import { setTimeout as wait } from 'node:timers/promises';
import {
  Budget,
  BudgetExceededError,
  context,
  type LM,
  type LMRequest,
  type LMResponse,
  NO_USAGE,
  Predict,
} from 'dspex';
import { budgeted, cached, composeLM, LMLayer } from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LMServerError, LMTransportError } from '../../../src/core/errors/lm-errors';
import type { CallScope } from '../../../src/core/ports/lm';
import { estimateOf } from '../../../src/lm/clients/budget/estimate';

type Behaviour = (request: LMRequest, scope: CallScope, nth: number) => Promise<LMResponse> | LMResponse;

/** An LM that does as it is told and remembers how often it was asked. */
class Scripted extends LMLayer {
  asked = 0;

  constructor(
    private readonly behave: Behaviour = () => answer(10, 5),
    private readonly costs: LM['price'] = { input: 1_000_000, output: 1_000_000 },
  ) {
    super(new DummyLM(() => 'x'));
  }

  override get price() {
    return this.costs;
  }

  override async generate(request: LMRequest, scope: CallScope = {}) {
    this.asked += 1;
    return this.behave(request, scope, this.asked);
  }
}

const answer = (inputTokens: number, outputTokens: number, further: object = {}): LMResponse => ({
  ...{ model: 'm', completions: [{ text: 'x', finishReason: 'stop' }], cached: false, attempts: 1 },
  usage: { ...NO_USAGE, calls: 1, inputTokens, outputTokens, costUsd: inputTokens + outputTokens, ...further },
});

const ask = (lm: LM, content = 'q', options: object = { maxTokens: 100 }, scope: CallScope = {}) =>
  lm.generate(lm.createRequest([{ role: 'user', content }], options), scope);
const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => undefined,
    (error) => error,
  );

describe('a budget of calls', () => {
  test('is never overshot by calls at the same time, and the refused ones are not sent', async () => {
    const inner = new Scripted(async () => {
      await wait(2);
      return answer(1, 1);
    });
    const budget = new Budget({ calls: 7 });
    const lm = budgeted(inner, { budget });
    const ends = await Promise.allSettled(Array.from({ length: 50 }, () => ask(lm)));
    expect(inner.asked).toBe(7);
    expect(ends.filter(({ status }) => status === 'fulfilled')).toHaveLength(7);
    expect(budget.spent.calls).toBe(7);
    expect(budget.remaining).toEqual({ calls: 0 });
    expect(budget.refused).toBe(43);
  });

  test('says limit, what is allowed, used and wanted', async () => {
    const lm = budgeted(new Scripted(), { budget: new Budget({ tokens: 50 }) });
    const error = await failureOf(ask(lm));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(error).toMatchObject({ limit: 'tokens', allowed: 50, used: 0, attempts: 0, retryable: false, outage: true });
    expect(error.wanted).toBeGreaterThanOrEqual(100);
    expect(error.message).toContain('allows 50 tokens; 0 are spent');
  });

  test('counts what a success lost on the way, and what a failure sent', async () => {
    const budget = new Budget({ calls: 10 });
    const lost = budgeted(new Scripted(() => ({ ...answer(1, 1), attempts: 3 })), { budget });
    await ask(lost);
    expect(budget.spent.calls).toBe(3);
    const error = Object.assign(new LMServerError('down'), { attempts: 4 });
    await failureOf(ask(budgeted(new Scripted(() => Promise.reject(error)), { budget })));
    expect(budget.spent.calls).toBe(7);
    const unsent = Object.assign(new LMServerError('never sent'), { attempts: 0 });
    await failureOf(ask(budgeted(new Scripted(() => Promise.reject(unsent)), { budget })));
    expect(budget.spent.calls).toBe(7);
    expect(budget.remaining.calls).toBe(3);
  });

  test('counts a call that was given up, for it may have been sent', async () => {
    const budget = new Budget({ calls: 2 });
    const lm = budgeted(new Scripted((_, { signal }) => wait(1000, answer(1, 1), { signal: signal as AbortSignal })), {
      budget,
    });
    const leaving = new AbortController();
    const call = failureOf(ask(lm, 'q', {}, { signal: leaving.signal }));
    leaving.abort(new Error('left'));
    await call;
    expect(budget.spent.calls).toBe(1);
    const before = AbortSignal.abort(new Error('never came'));
    await failureOf(ask(lm, 'q', {}, { signal: before }));
    expect(budget.spent.calls).toBe(1);
  });

  test('counts what a broken stream had brought', async () => {
    const partial = {
      texts: ['half'],
      usage: { ...NO_USAGE, calls: 1, inputTokens: 30, outputTokens: 4, unpricedCalls: 1 },
    };
    const budget = new Budget({ usd: 1e9 });
    const error = new LMTransportError('cut', { partial });
    await failureOf(ask(budgeted(new Scripted(() => Promise.reject(error)), { budget })));
    expect(budget.spent).toMatchObject({ calls: 1, tokens: 34, usd: 34 });
  });
});

describe('a budget of dollars', () => {
  test('refuses a model whose price is not known, and says what to do', async () => {
    const inner = new Scripted(undefined, undefined);
    Object.defineProperty(inner, 'price', { value: undefined });
    const error = await failureOf(ask(budgeted(inner, { budget: new Budget({ usd: 5 }) })));
    expect(error).toBeInstanceOf(BudgetExceededError);
    expect(error.message).toMatch(/price of this model is not known.*option prices/u);
    expect(inner.asked).toBe(0);
    // A budget of something else has nothing against it.
    await ask(budgeted(inner, { budget: new Budget({ calls: 1 }) }));
  });

  test('takes a model that costs nothing', async () => {
    const budget = new Budget({ usd: 0 });
    await ask(budgeted(new DummyLM(() => 'x'), { budget }));
    expect(budget.spent).toMatchObject({ calls: 1, usd: 0 });
  });

  test('that fits exactly is spent exactly, whatever the sums of fractions', async () => {
    const budget = new Budget({ usd: 0.3 });
    for (let i = 0; i < 3; i++) {
      budget.reserve({ calls: 1, tokens: 1, usd: 0.1 }).settle({ ...NO_USAGE, calls: 1, costUsd: 0.1 });
    }
    expect(() => budget.reserve({ calls: 1, tokens: 1, usd: 0.001 })).toThrow(BudgetExceededError);
  });
});

test('whatever calls come at the same time, nothing is overspent while they take no more than they were thought to', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.record({ calls: fc.nat(20), tokens: fc.nat(20_000), usd: fc.nat(20_000) }),
      fc.array(
        fc.record({
          maxTokens: fc.integer({ min: 1, max: 2000 }),
          text: fc.string({ maxLength: 400 }),
          share: fc.double({ min: 0, max: 1, noNaN: true }),
          turns: fc.nat(3),
          fails: fc.boolean(),
        }),
        { maxLength: 30 },
      ),
      async (limits, calls) => {
        const budget = new Budget(limits);
        const over: number[] = [];
        await Promise.allSettled(
          calls.map(async ({ maxTokens, text, share, turns, fails }, i) => {
            for (let turn = 0; turn < i % 4; turn++) await Promise.resolve();
            const inner = new Scripted(async (request) => {
              for (let turn = 0; turn < turns; turn++) await Promise.resolve();
              if (fails) throw new LMServerError('no');
              const { tokens } = estimateOf(request, inner.capabilities, inner.price);
              return answer(Math.floor((tokens - maxTokens) * share), Math.floor(maxTokens * share));
            });
            await ask(budgeted(inner, { budget }), text, { maxTokens }).finally(() => {
              const { spent } = budget;
              over.push(spent.calls - limits.calls, spent.tokens - limits.tokens, spent.usd - limits.usd);
            });
          }),
        );
        expect(Math.max(0, ...over)).toBeLessThanOrEqual(1e-6);
        // What was reserved is given back to the last token.
        const { spent, remaining } = budget;
        expect(remaining.tokens).toBe(Math.max(0, limits.tokens - spent.tokens));
      },
    ),
    { numRuns: 150 },
  );
});

describe('time', () => {
  test('that is over refuses the next call and gives up the one under way', async () => {
    const budget = new Budget({ wallClockMs: 40 });
    const inner = new Scripted((_, { signal }) =>
      wait(5000, answer(1, 1), { signal: signal as AbortSignal, ref: false }),
    );
    const lm = budgeted(inner, { budget });
    const keepAlive = setTimeout(() => {}, 5000);
    const error = await failureOf(ask(lm));
    clearTimeout(keepAlive);
    // The sleep of Node wraps the reason.
    const reason = error instanceof BudgetExceededError ? error : error.cause;
    expect(reason).toMatchObject({ limit: 'wallClockMs', allowed: 40, attempts: 1 });
    expect(await failureOf(ask(lm))).toMatchObject({ limit: 'wallClockMs', attempts: 0 });
    expect(inner.asked).toBe(1);
    expect(budget.refused).toBe(2);
    expect(budget.remaining).toEqual({ wallClockMs: 0 });
  });

  test("leaves a shorter deadline alone, and the caller's reason too", async () => {
    let seen: CallScope = {};
    const inner = new Scripted((_, scope) => {
      seen = scope;
      return answer(1, 1);
    });
    const lm = budgeted(inner, { budget: new Budget({ wallClockMs: 60_000 }) });
    await ask(lm, 'q', {}, { deadlineMs: 70, cache: false, priority: 3 });
    expect(seen).toMatchObject({ deadlineMs: 70, cache: false, priority: 3 });
    await ask(lm);
    expect(seen.deadlineMs).toBeUndefined();
  });
});

describe('in a stack', () => {
  test('every budget around a call counts it: outer and inner context, and its own', async () => {
    const [outer, inner, own] = [new Budget({ calls: 10 }), new Budget({ calls: 2 }), new Budget({ calls: 10 })];
    const lm = budgeted(new Scripted(), { budget: own });
    const failures = await context({ budget: outer }, async () => {
      await ask(lm);
      return context({ budget: inner }, () => Promise.all([1, 2, 3].map(() => failureOf(ask(lm)))));
    });
    expect(failures.filter((one) => one instanceof BudgetExceededError)).toHaveLength(1);
    // The refused one gave back what the others had reserved for it.
    expect([outer, inner, own].map(({ spent }) => spent.calls)).toEqual([3, 2, 3]);
    expect(outer.remaining).toEqual({ calls: 7 });
  });

  test('a budget that is around twice counts once, also through layers inside of layers', async () => {
    const budget = new Budget({ calls: 5 });
    const lm = budgeted(budgeted(new Scripted(), { budget }), { budget });
    await context({ budget }, () => context({ budget }, () => ask(lm)));
    expect(budget.spent.calls).toBe(1);
  });

  test('answers of the cache, and equal calls in flight, are free', async () => {
    const budget = new Budget({ calls: 1 });
    const inner = new Scripted(async () => {
      await wait(5);
      return answer(1, 1);
    });
    const lm = composeLM(inner, { budget });
    await Promise.all([ask(lm), ask(lm)]);
    expect((await ask(lm)).cached).toBe(true);
    expect(inner.asked).toBe(1);
    const below = budgeted(cached(inner), { budget: new Budget({ calls: 1 }) });
    await ask(below, 'z');
    expect(await failureOf(ask(below, 'z'))).toBeInstanceOf(BudgetExceededError);
  });

  test('whoever shares a call with somebody of an empty budget is not refused with him', async () => {
    const inner = new Scripted(async () => {
      await wait(5);
      return answer(1, 1);
    });
    const lm = composeLM(inner, { cache: false });
    const spent = new Budget({ calls: 0 });
    const plenty = new Budget({ calls: 5 });
    const [poor, rich, other] = await Promise.allSettled([
      context({ budget: spent }, () => ask(lm)),
      context({ budget: plenty }, () => ask(lm)),
      ask(lm),
    ]);
    expect([poor, rich, other].map((one) => one?.status)).toEqual(['rejected', 'fulfilled', 'fulfilled']);
    expect(inner.asked).toBe(1);
    expect(plenty.spent.calls).toBeLessThanOrEqual(1);
  });

  test('a program stops at its budget', async () => {
    const lm = composeLM(new DummyLM(() => '[[ ## a ## ]]\nyes\n\n[[ ## completed ## ]]'));
    const program = new Predict('q -> a');
    const budget = new Budget({ calls: 2 });
    await context({ lm, budget }, async () => {
      await program.call({ q: 'one' });
      await program.call({ q: 'two' });
      await program.call({ q: 'two' });
      await expect(program.call({ q: 'three' })).rejects.toBeInstanceOf(BudgetExceededError);
    });
    expect(budget.spent.calls).toBe(2);
  });

  test('a limit that is none is refused', () => {
    for (const limits of [{ calls: -1 }, { usd: Number.NaN }, { tokens: '5' }, { euros: 3 }]) {
      expect(() => new Budget(limits as never)).toThrow();
    }
    expect(() => budgeted(new Scripted(), { budget: {} as never })).toThrow('a Budget');
  });
});

describe('the estimate', () => {
  const lm = new DummyLM(() => 'x');
  const tokens = (content: unknown, options: object = { maxTokens: 0 }, capabilities = lm.capabilities) =>
    estimateOf(lm.createRequest([{ role: 'user', content: content as string }], options), capabilities, undefined)
      .tokens;

  test('is above what tokenizers make of English, digits and Chinese', () => {
    // Counts of a common tokenizer of 100,000 tokens, rounded up.
    expect(tokens('The quick brown fox jumps over the lazy dog. '.repeat(100))).toBeGreaterThan(1001);
    expect(tokens('1234567890'.repeat(100))).toBeGreaterThan(400);
    expect(tokens('今天天气很好我们去公园散步吧'.repeat(100))).toBeGreaterThan(2000);
  });

  test('counts tools, schemas, images, every completion, and the longest answer that is known', () => {
    const tool = { name: 't', description: 'd'.repeat(1000), parameters: {} };
    expect(tokens('', { maxTokens: 0, tools: [tool] })).toBeGreaterThan(500);
    expect(
      tokens([{ type: 'image_url', image_url: { url: `data:image/png;base64,${'A'.repeat(9_000_000)}` } }]),
    ).toBeLessThan(4000);
    expect(tokens('', { maxTokens: 100, n: 3 })).toBe(300 + 16);
    expect(tokens('', {}, { ...lm.capabilities, maxOutputTokens: 555 })).toBe(555 + 16);
    expect(tokens('', {})).toBe(4096 + 16);
  });
});
