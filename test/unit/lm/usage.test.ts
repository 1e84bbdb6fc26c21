import { context, LMTransportError, NO_USAGE, Predict, usageText, withUsage } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { DummyLM, startFaultServer } from 'dspex/testing';
import { describe, expect, test } from 'vitest';

const answered = '[[ ## a ## ]]\nyes\n\n[[ ## completed ## ]]';
const program = new Predict('q -> a');

class Named extends DummyLM {
  constructor(
    override readonly model: string,
    private readonly failure?: Error,
  ) {
    super(() => answered);
  }

  override generate(...args: Parameters<DummyLM['generate']>) {
    return this.failure === undefined ? super.generate(...args) : Promise.reject(this.failure);
  }
}

describe('withUsage', () => {
  test('tells what each model took; the parts make the whole', async () => {
    const [a, b] = [new Named('a'), new Named('b')];
    const { usage, byModel } = await withUsage(async () => {
      await context({ lm: a }, () => program.call({ q: '1' }));
      await context({ lm: b }, () => Promise.all([program.call({ q: '2' }), program.call({ q: '3' })]));
    });
    expect(Object.keys(byModel)).toEqual(['a at dummy:', 'b at dummy:']);
    expect(byModel['a at dummy:']?.calls).toBe(1);
    expect(byModel['b at dummy:']?.calls).toBe(2);
    const parts = Object.values(byModel);
    expect(parts.reduce((sum, { inputTokens }) => sum + inputTokens, 0)).toBe(usage.inputTokens);
    expect(usage.calls).toBe(3);
  });

  test('counts in every sum around it', async () => {
    const lm = new Named('a');
    const outer = await withUsage(async () => {
      const inner = await withUsage(() => context({ lm }, () => program.call({ q: '1' })));
      expect(inner.byModel['a at dummy:']?.calls).toBe(1);
      await context({ lm }, () => program.call({ q: '2' }));
    });
    expect(outer.byModel['a at dummy:']?.calls).toBe(2);
  });

  test('shows what was lost, with the tokens of a stream that broke', async () => {
    const partial = {
      texts: ['ha'],
      usage: { ...NO_USAGE, calls: 1, unpricedCalls: 1, inputTokens: 30, outputTokens: 2 },
    };
    const failure = Object.assign(new LMTransportError('cut', { partial }), { attempts: 2 });
    const { byModel, usage } = await withUsage(() =>
      context({ lm: new Named('a', failure) }, () => program.call({ q: '1' }).catch(() => undefined)),
    );
    expect(usage).toEqual({ ...NO_USAGE, lostAttempts: 2, inputTokens: 30, outputTokens: 2 });
    expect(byModel['a at dummy:']).toEqual(usage);
  });

  test('counts a request once that equal calls share', async () => {
    await using server = await startFaultServer(async ({ pause, reply }) => {
      await pause(20);
      await reply(200, { choices: [{ message: { content: answered } }], usage: { prompt_tokens: 7 } });
    });
    await using lm = composeLM(new OpenAICompatible({ model: 'm', baseUrl: server.url }));
    const { usage } = await withUsage(() =>
      context({ lm }, () => Promise.all([1, 2, 3].map(() => program.call({ q: 'the same' })))),
    );
    expect(server.requests).toHaveLength(1);
    expect(usage).toMatchObject({ calls: 1, cachedCalls: 2, inputTokens: 7 });
  });

  test('attempts before a success are lost ones', async () => {
    await using server = await startFaultServer((exchange, index) =>
      index === 0
        ? exchange.reply(500, {})
        : exchange.reply(200, { model: 'm', choices: [{ message: { content: answered }, finish_reason: 'stop' }] }),
    );
    await using lm = composeLM(new OpenAICompatible({ model: 'm', baseUrl: server.url }), {
      resilience: { baseDelayMs: 1 },
    });
    const { usage } = await withUsage(() => context({ lm }, () => program.call({ q: '1' })));
    expect(usage).toMatchObject({ calls: 1, lostAttempts: 1 });
  });
});

test.each([
  [{}, '0 calls, 0 in, 0 out, $0.00'],
  [{ calls: 1, inputTokens: 10, outputTokens: 2, unpricedCalls: 1 }, '1 call, 10 in, 2 out, 1 unpriced'],
  [
    { calls: 2, cachedCalls: 1, lostAttempts: 1, inputTokens: 1234, outputTokens: 56, cachedInputTokens: 148 },
    '3 calls (1 cached), 1 lost, 1,234 in (12 % reused), 56 out, $0.00',
  ],
  [
    { calls: 2, inputTokens: 1, outputTokens: 1, costUsd: 0.0012, unpricedCalls: 1 },
    '2 calls, 1 in, 1 out, $0.0012 + 1 unpriced',
  ],
  [{ calls: 1, costUsd: 1234.5 }, '1 call, 0 in, 0 out, $1,234.50'],
  [{ calls: 1, costUsd: 1e-7 }, '1 call, 0 in, 0 out, <$0.0001'],
])('usageText(%j)', (usage, text) => {
  expect(usageText({ ...NO_USAGE, ...usage })).toBe(text);
});
