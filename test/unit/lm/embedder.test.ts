import { getEventListeners } from 'node:events';
import { Budget, context, MemoryCache, withUsage } from 'dspex';
import { composeEmbedder, embedder, OpenAIEmbedder } from 'dspex/clients';
import { type FaultScript, startFaultServer } from 'dspex/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { LMInvalidRequestError, LMInvalidResponseError } from '../../../src/core/errors/lm-errors';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

const vectorOf = (text: string) => [text.length, text.charCodeAt(0), 0.5];

/** Answers like OpenAI, the last text first: the order on the wire is the server's own affair. */
const answer: FaultScript = async ({ request, reply }) => {
  const { input } = JSON.parse(request.body) as { input: string[] };
  const data = input.map((text, index) => ({ object: 'embedding', index, embedding: vectorOf(text) })).reverse();
  await reply(200, { data, model: 'm', usage: { prompt_tokens: 3 * input.length, total_tokens: 3 * input.length } });
};

async function serverOf(script: FaultScript = answer) {
  const server = await startFaultServer(script);
  open.push(server);
  return server;
}

function clientOf(baseUrl: string, options: object = {}) {
  const client = new OpenAIEmbedder({ model: 'm', baseUrl, ...options });
  open.push(client);
  return client;
}

const texts = (requests: readonly { body: string }[]) => requests.map(({ body }) => JSON.parse(body).input as string[]);

describe('the bare client', () => {
  test('sends one request and gives the vectors in the order of the texts', async () => {
    const server = await serverOf();
    const { vectors, usage } = await clientOf(server.url, { dimensions: 3 }).embed(['one', 'three', 'x']);
    expect(vectors).toEqual(['one', 'three', 'x'].map(vectorOf));
    expect(Object.isFrozen(vectors[0])).toBe(true);
    expect(usage).toMatchObject({ calls: 1, inputTokens: 9, costUsd: 0, unpricedCalls: 0 });
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/v1/embeddings' });
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({
      model: 'm',
      input: ['one', 'three', 'x'],
      dimensions: 3,
      encoding_format: 'float',
    });
  });

  test('refuses an empty text before anything is sent', async () => {
    const server = await serverOf();
    await expect(clientOf(server.url).embed(['a', ''])).rejects.toBeInstanceOf(LMInvalidRequestError);
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    ['a vector is missing', { data: [{ index: 0, embedding: [1] }] }],
    ['vectors differ in length', { data: [{ embedding: [1] }, { embedding: [1, 2] }] }],
    ['a number is none', { data: [{ embedding: [1] }, { embedding: ['1'] }] }],
    ['an index is far away', { data: [{ embedding: [1] }, { index: 1e9, embedding: [1] }] }],
    ['there is no list', { data: 'none' }],
  ])('says so when %s', async (_, body) => {
    const server = await serverOf(({ reply }) => reply(200, body));
    await expect(clientOf(server.url).embed(['a', 'b'])).rejects.toBeInstanceOf(LMInvalidResponseError);
  });
});

describe('composeEmbedder', () => {
  const composed = (baseUrl: string, options: object = {}, layers: object = {}) => {
    const made = composeEmbedder(clientOf(baseUrl, options), { resilience: { baseDelayMs: 1 }, ...layers });
    open.push(made);
    return made;
  };

  test('asks for each text once: equal ones share a request, known ones come from the cache', async () => {
    const server = await serverOf();
    const embedder = composed(server.url);
    const first = await embedder.embed(['a', 'b', 'a']);
    expect(first.vectors).toEqual(['a', 'b', 'a'].map(vectorOf));
    expect(first.usage).toMatchObject({ calls: 1, cachedCalls: 0, inputTokens: 6 });
    const second = await embedder.embed(['c', 'b']);
    expect(second.vectors).toEqual(['c', 'b'].map(vectorOf));
    expect(second.usage).toMatchObject({ calls: 1, cachedCalls: 1, inputTokens: 3 });
    expect(texts(server.requests)).toEqual([['a', 'b'], ['c']]);
    expect(embedder.stats()).toMatchObject({ requests: 2, cacheHits: 1, shared: 1, inFlight: 0 });
  });

  test('puts the texts of callers at the same time into requests of at most batchSize', async () => {
    const server = await serverOf();
    const embedder = composed(server.url, { batchSize: 3 });
    const answers = await Promise.all(['a', 'bb', 'ccc', 'dddd'].map((text) => embedder.embed([text])));
    expect(answers.map(({ vectors }) => vectors[0])).toEqual(['a', 'bb', 'ccc', 'dddd'].map(vectorOf));
    expect(texts(server.requests)).toEqual([['a', 'bb', 'ccc'], ['dddd']]);
  });

  test('tries again, shows what was lost, and counts the usage of whoever asked', async () => {
    const server = await serverOf((exchange, index) =>
      index === 0 ? exchange.reply(503, {}) : answer(exchange, index),
    );
    const embedder = composed(server.url);
    const { usage } = await withUsage(() => embedder.embed(['a']));
    expect(usage).toMatchObject({ calls: 1, lostAttempts: 1, inputTokens: 3 });
  });

  test('does without the cache where a setting says so', async () => {
    const server = await serverOf();
    const embedder = composed(server.url, {}, { cache: new MemoryCache() });
    await embedder.embed(['a']);
    await context({ cache: false }, () => embedder.embed(['a']));
    await embedder.embed(['a'], { cache: false });
    await embedder.embed(['a']);
    expect(server.requests).toHaveLength(3);
  });

  test('lets a caller go with the reason, and ends the request when nobody is left', async () => {
    let closed = 0;
    const server = await serverOf(async ({ signal, pause }) => {
      signal.addEventListener('abort', () => closed++);
      await pause(10_000);
    });
    const embedder = composed(server.url);
    const controllers = [new AbortController(), new AbortController()];
    const calls = controllers.map(({ signal }, at) => embedder.embed([`text ${at}`], { signal }));
    const outcomes = calls.map((call) => call.catch((error: unknown) => error));
    await expect.poll(() => server.requests.length).toBe(1);
    controllers[0]?.abort('first');
    expect(await outcomes[0]).toBe('first');
    expect(closed).toBe(0);
    controllers[1]?.abort('second');
    expect(await outcomes[1]).toBe('second');
    await expect.poll(() => closed).toBe(1);
  });

  test('of a request that is refused only the caller whose text is at fault fails', async () => {
    const server = await serverOf((exchange, index) =>
      exchange.request.body.includes('bad')
        ? exchange.reply(400, { error: { message: 'no such text' } })
        : answer(exchange, index),
    );
    const embedder = composed(server.url);
    const outcomes = await Promise.all(
      [['a'], ['b', 'bad'], ['c'], ['']].map((wanted) =>
        embedder.embed(wanted).then(
          ({ vectors }) => vectors.length,
          (error: Error) => error,
        ),
      ),
    );
    expect(outcomes).toEqual([1, expect.any(LMInvalidRequestError), 1, expect.any(LMInvalidRequestError)]);
    expect(outcomes[3]).toMatchObject({ attempts: 0 });
    await expect(embedder.embed('a' as never)).rejects.toThrow(/texts/u);
  });

  test('carries one listener on a signal, however many texts wait for it', async () => {
    const server = await serverOf();
    const embedder = composed(server.url, {}, { singleFlight: false });
    const { signal } = new AbortController();
    const call = embedder.embed(
      Array.from({ length: 50 }, (_, index) => `text ${index}`),
      { signal },
    );
    await expect.poll(() => server.requests.length).toBe(1);
    expect(getEventListeners(signal, 'abort').length).toBeLessThanOrEqual(1);
    await call;
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });

  test('refuses at once, when it is closed, who waits for a retry', async () => {
    const server = await serverOf(({ reply }) => reply(503, {}));
    const embedder = composed(server.url, {}, { resilience: { baseDelayMs: 20_000, random: () => 0.9 } });
    const call = embedder.embed(['a']).catch((error: unknown) => error);
    await expect.poll(() => server.requests.length).toBe(1);
    await embedder.close();
    expect(await call).toMatchObject({ code: 'LM_CLOSED', attempts: 1 });
  });

  test('answers nothing more once closed', async () => {
    const embedder = composed((await serverOf()).url);
    await embedder.close();
    await expect(embedder.embed(['a'])).rejects.toMatchObject({ code: 'LM_CLOSED' });
  });
});

test('vectors have a price, and keep to budgets', async () => {
  const server = await serverOf();
  const embedder = composeEmbedder(clientOf(server.url, { prices: { m: { input: 2, output: 0 } } }));
  open.push(embedder);
  const budget = new Budget({ tokens: 40, usd: 1 });
  await context({ budget }, () => embedder.embed(['a', 'b']));
  expect(budget.spent).toMatchObject({ calls: 1, tokens: 6, usd: 6 * 2e-6 });
  const refused = context({ budget }, () => embedder.embed(['c'.repeat(80)]));
  await expect(refused).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' });
  expect(server.requests).toHaveLength(1);
});

test('an empty budget of one caller is not that of another, neither for the same text nor in the same request', async () => {
  const server = await serverOf();
  const embedder = composeEmbedder(clientOf(server.url));
  open.push(embedder);
  const poor = context({ budget: new Budget({ tokens: 1 }) }, () => embedder.embed(['a long text']));
  const others = [embedder.embed(['other']), embedder.embed(['a long text'])];
  await expect(poor).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED', attempts: 0 });
  expect((await Promise.all(others)).map(({ vectors }) => vectors[0])).toEqual([
    vectorOf('other'),
    vectorOf('a long text'),
  ]);
});

describe('embedder(name)', () => {
  test('takes address and key of the provider, or those of another server', async () => {
    const made = embedder('openai/text-embedding-3-small', { dimensions: 64, cache: false });
    open.push(made);
    expect(made).toMatchObject({
      model: 'text-embedding-3-small',
      endpoint: 'https://api.openai.com/v1#dimensions=64',
      price: { input: 0.02, output: 0 },
    });
    const server = await serverOf();
    const other = embedder('my/model', { baseUrl: server.url });
    open.push(other);
    expect((await other.embed(['a'])).vectors).toEqual([vectorOf('a')]);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('names a provider that it does not know, one without embeddings among them', () => {
    expect(() => embedder('nobody/model')).toThrow(/embedder\('nobody\/model'\) names no known provider/u);
    expect(() => embedder('anthropic/model')).toThrow(/names no known provider/u);
    expect(() => embedder('openai/')).toThrow(/a model behind/u);
    expect(() => embedder('openai/m', { dimension: 3 } as object)).toThrow(/dimension/u);
    expect(() => embedder('openai/m', { idleMs: 3 } as object)).toThrow(/idleMs/u);
    expect(() => embedder('openai/m', { proxy: 'nowhere' })).toThrow(/proxy/u);
  });
});
