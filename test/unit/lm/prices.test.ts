import { costOf, type LM, NO_USAGE } from 'dspex';
import { lm, OpenAICompatible, priceOf } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { describe, expect, test } from 'vitest';
import { PRICE_LISTS } from '../../../src/lm/clients/prices/table';

const OPENAI = 'https://api.openai.com/v1';
const usage = (inputTokens: number, outputTokens: number, cachedInputTokens = 0) => ({
  ...NO_USAGE,
  ...{ inputTokens, outputTokens, cachedInputTokens },
});

describe('priceOf', () => {
  test.each(['gpt-4o', 'gpt-4o-2024-08-06', 'gpt-4o-latest'])('knows %s at its provider', (model) => {
    expect(priceOf(model, OPENAI)).toEqual({ input: 2.5, cachedInput: 1.25, output: 10 });
  });

  test('a dated version with a price of its own has that one', () => {
    expect(priceOf('gpt-4o-2024-05-13', OPENAI)?.input).toBe(5);
  });

  test.each([
    ['gpt-5-pro', OPENAI],
    ['gpt-4o-audio-preview', OPENAI],
    ['constructor', OPENAI],
    ['gpt-4o', 'https://gateway.example/v1'],
    ['gpt-4o', 'https://api.openai.com.example/v1'],
    ['m', 'http://127.example/v1'],
    ['m', 'no URL'],
  ])('says nothing of %s at %s', (model, endpoint) => {
    expect(priceOf(model, endpoint)).toBeUndefined();
  });

  test.each(['http://localhost:11434/v1', 'http://127.0.0.1:8000/v1', 'http://[::1]:1234/v1'])(
    'a server at %s costs nothing, and that is known',
    (endpoint) => {
      expect(priceOf('any', endpoint)).toEqual({ input: 0, output: 0 });
    },
  );

  test("the caller's own price comes first, also of this machine", () => {
    const own = { m: { input: 1, output: 2 } };
    expect(priceOf('m', 'http://localhost:1/v1', own)).toBe(own.m);
    expect(priceOf('gpt-4o', OPENAI, own)?.input).toBe(2.5);
  });
});

describe('costOf', () => {
  test('tokens that were not computed again have their own price', () => {
    expect(costOf(usage(1_000_000, 100_000, 600_000), { input: 2, cachedInput: 0.5, output: 10 })).toBeCloseTo(
      0.4 * 2 + 0.6 * 0.5 + 1,
      12,
    );
  });

  test('without one they count as ordinary input', () => {
    expect(costOf(usage(1_000_000, 0, 1_000_000), { input: 2, output: 10 })).toBe(2);
  });

  test('a server that counts more cached tokens than there are brings no refund', () => {
    expect(costOf(usage(10, 0, 1_000_000_000), { input: 2, cachedInput: 1, output: 10 })).toBeGreaterThanOrEqual(0);
  });

  test('long prompts have prices of their own, above the limit only', () => {
    const price = { input: 1, output: 1, long: { above: 1000, input: 2, output: 3 } };
    expect(costOf(usage(1000, 1000), price)).toBeCloseTo(0.002, 12);
    expect(costOf(usage(1001, 1000), price)).toBeCloseTo((1001 * 2 + 3000) / 1e6, 12);
  });
});

test('the table says of every price when and from where it is, and no price is absurd', () => {
  for (const { host, asOf, source, models } of PRICE_LISTS) {
    expect(host).toMatch(/^[a-z.]+$/u);
    expect(asOf).toMatch(/^20\d\d-\d\d$/u);
    expect(source).not.toBe('');
    for (const [model, { input, cachedInput = 0, output }] of Object.entries(models)) {
      expect(cachedInput, model).toBeLessThanOrEqual(input);
      for (const price of [input, output]) {
        expect(price, model).toBeGreaterThanOrEqual(0);
        expect(price, model).toBeLessThan(1000);
      }
      expect(input, model).toBeGreaterThan(0);
    }
  }
});

describe('an answer over HTTP', () => {
  const answer = (usage: Record<string, unknown>) => ({
    ...{
      id: 'x',
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'hi' }, finish_reason: 'stop' }],
    },
    usage: { prompt_tokens: 1000, completion_tokens: 100, ...usage },
  });

  async function usageOf(stated: Record<string, unknown>, make: (baseUrl: string) => LM) {
    await using server = await startFaultServer((exchange) => exchange.reply(200, answer(stated)));
    await using client = make(server.url);
    const response = await client.generate(client.createRequest([{ role: 'user', content: 'q' }]));
    expect(Object.isFrozen(response) && Object.isFrozen(response.usage)).toBe(true);
    return response.usage;
  }

  test('carries its price', async () => {
    const prices = { m: { input: 10, output: 20 } };
    const { costUsd, unpricedCalls } = await usageOf(
      {},
      (baseUrl) => new OpenAICompatible({ model: 'm', baseUrl, prices }),
    );
    expect(costUsd).toBeCloseTo(0.012, 12);
    expect(unpricedCalls).toBe(0);
  });

  test("the server's own word comes before the table", async () => {
    const prices = { m: { input: 10, output: 20 } };
    const usage = await usageOf({ cost: 0.5 }, (baseUrl) => new OpenAICompatible({ model: 'm', baseUrl, prices }));
    expect(usage).toMatchObject({ costUsd: 0.5, unpricedCalls: 0 });
  });

  test.each([-1, '3', Number.MAX_VALUE * 10, null])('a cost of %s is none', async (cost) => {
    const prices = { m: { input: 10, output: 20 } };
    const usage = await usageOf({ cost }, (baseUrl) => lm('m', { baseUrl, prices, cache: false }));
    expect(usage.costUsd).toBeCloseTo(0.012, 12);
  });

  test('of this machine costs nothing', async () => {
    const usage = await usageOf({}, (baseUrl) => new OpenAICompatible({ model: 'm', baseUrl }));
    expect(usage).toMatchObject({ costUsd: 0, unpricedCalls: 0 });
  });
});

describe('prices that are none are refused', () => {
  test.each([
    [{ m: { input: -1, output: 1 } }, 'prices.m.input'],
    [{ m: { input: 1 } }, 'prices.m.output'],
    [{ m: { input: 1, output: Number.NaN } }, 'prices.m.output'],
    [{ m: { input: 1, output: 1, long: { above: -1, input: 1, output: 1 } } }, 'above'],
    [{ m: { input: 1, output: 1, per: 'token' } }, 'per'],
    [{ m: 3 }, 'prices.m'],
    [null, 'prices'],
  ])('%j', (prices, named) => {
    expect(() => new OpenAICompatible({ model: 'm', prices: prices as never, baseUrl: 'http://localhost:1' })).toThrow(
      named,
    );
  });
});
