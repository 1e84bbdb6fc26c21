import { composeLM, lm, MemoryCache, OpenAICompatible } from 'dspex/clients';
import { DummyLM, startMockServer } from 'dspex/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { UnknownProviderError } from '../../../src/core/errors/lm-errors';
import { InvalidOptionError, UnknownOptionError } from '../../../src/core/errors/option-errors';

const QUESTION = [{ role: 'user', content: 'q' }] as const;

afterEach(() => {
  vi.unstubAllEnvs();
});

describe('composeLM', () => {
  test('shares, caches and retries around one client', async () => {
    await using server = await startMockServer({ respond: [{ status: 500 }, { text: 'fine', delayMs: 10 }] });
    await using model = composeLM(new OpenAICompatible({ model: 'm', baseUrl: server.url }), {
      resilience: { baseDelayMs: 1 },
    });
    const ask = () => model.generate(model.createRequest(QUESTION));
    const both = await Promise.all([ask(), ask()]);
    expect(both.map(({ attempts, cached }) => ({ attempts, cached }))).toEqual([
      { attempts: 2, cached: false },
      { attempts: 2, cached: false },
    ]);
    expect(await ask()).toMatchObject({ cached: true, attempts: 0 });
    expect(server.requests).toHaveLength(2);
    expect(model.stats()).toMatchObject({
      inFlight: 0,
      queued: 0,
      requests: 2,
      cacheHits: 1,
      shared: 1,
      breaker: 'closed',
    });
  });

  test('sums the counters of stacks in a stack', async () => {
    const request = { endpoint: 'dummy:', model: 'dummy', messages: [], options: {} };
    const inner = composeLM(new DummyLM(() => 'yes'));
    await using outer = composeLM(inner, { cache: new MemoryCache() });
    await inner.generate(request);
    await inner.generate(request);
    await outer.generate({ ...request });
    await outer.generate({ ...request });
    expect(outer.stats()).toMatchObject({ requests: 1, cacheHits: 3, queued: 0 });
  });

  test('still answers from the cache when the circuit is open', async () => {
    await using server = await startMockServer({ respond: ['kept', { status: 500 }] });
    await using model = composeLM(new OpenAICompatible({ model: 'm', baseUrl: server.url }), {
      resilience: { attempts: 1, breaker: { preset: 'strict', failures: 1 } },
    });
    const ask = (seed: number) => model.generate(model.createRequest(QUESTION, { seed }));
    await ask(1);
    await expect(ask(2)).rejects.toThrow('500');
    await expect(ask(3)).rejects.toThrow('circuit');
    expect((await ask(1)).completions[0]?.text).toBe('kept');
  });

  test('leaves out the layers that are false', async () => {
    await using server = await startMockServer({ respond: { status: 500, delayMs: 10 } });
    await using client = new OpenAICompatible({ model: 'm', baseUrl: server.url });
    const model = composeLM(client, { cache: false, budget: false, resilience: false, singleFlight: false });
    expect(model).toBe(client);
    expect(() => composeLM(client, { retries: 3 } as never)).toThrow(UnknownOptionError);
    for (const wrong of [
      { cache: {} },
      { singleFlight: 'no' },
      { resilience: null },
      { resilience: true },
      { resilience: { breaker: true } },
    ]) {
      expect(() => composeLM(client, wrong as never)).toThrow(InvalidOptionError);
    }
    expect(() => composeLM('openai/gpt-5-mini' as never)).toThrow(/an LM/u);
  });

  test('is the client in everything but the call', () => {
    const client = new OpenAICompatible({ model: 'm', baseUrl: 'http://localhost:1/v1', defaults: { temperature: 0 } });
    const model = composeLM(client);
    expect([model.model, model.endpoint, model.defaults, model.capabilities]).toEqual([
      'm',
      'http://localhost:1/v1',
      { temperature: 0 },
      client.capabilities,
    ]);
    expect(model.createRequest(QUESTION, { seed: 1 })).toEqual(client.createRequest(QUESTION, { seed: 1 }));
  });

  test('lets several LMs share one store, because the endpoint is part of the key', async () => {
    await using one = await startMockServer({ respond: 'from one' });
    await using two = await startMockServer({ respond: 'from two' });
    const cache = new MemoryCache();
    const texts = [];
    for (const { url } of [one, two, one, two]) {
      await using model = composeLM(new OpenAICompatible({ model: 'm', baseUrl: url }), { cache });
      texts.push((await model.generate(model.createRequest(QUESTION))).completions[0]?.text);
    }
    expect(texts).toEqual(['from one', 'from two', 'from one', 'from two']);
    expect(one.requests.length + two.requests.length).toBe(2);
  });
});

describe('lm(name)', () => {
  test.each([
    ['openai/gpt-5-mini', 'gpt-5-mini', 'https://api.openai.com/v1'],
    ['ollama/llama3.2', 'llama3.2', 'http://localhost:11434/v1'],
    ['openrouter/meta-llama/llama-3-70b', 'meta-llama/llama-3-70b', 'https://openrouter.ai/api/v1'],
  ])('%s is the model %s at %s', (name, model, endpoint) => {
    expect(lm(name)).toMatchObject({ model, endpoint });
  });

  test.each(['gpt-5-mini', 'acme/gpt', 'toString/x', '__proto__/x'])(
    '%s names no provider, and the error lists them',
    (name) => {
      expect(() => lm(name)).toThrow(UnknownProviderError);
      expect(() => lm(name)).toThrow('openai, openrouter, groq');
    },
  );

  test('takes the model as it is when only a baseUrl is given, and options of the layers beside those of the client', async () => {
    await using server = await startMockServer({ respond: 'fine' });
    vi.stubEnv('OPENAI_API_KEY', 'not for this server');
    for (const name of ['org/some-model', 'openai/some-model']) {
      await using model = lm(name, { baseUrl: server.url, cache: false, defaults: { temperature: 0 } });
      await model.generate(model.createRequest(QUESTION));
    }
    expect(server.requests.map(({ body }) => body.model)).toEqual(['org/some-model', 'some-model']);
    expect(server.requests[0]?.body['temperature']).toBe(0);
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual([undefined, undefined]);
  });

  test('refuses an option that nothing reads', () => {
    expect(() => lm('openai/gpt-5-mini', { temperatur: 1 } as never)).toThrow(UnknownOptionError);
    expect(() => lm('openai/')).toThrow(InvalidOptionError);
    expect(() => lm('')).toThrow(InvalidOptionError);
  });
});
