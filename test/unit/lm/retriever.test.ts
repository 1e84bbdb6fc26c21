import { context, MemoryCache, Module } from 'dspex';
import { composeRetriever, HttpRetriever, type HttpRetrieverOptions } from 'dspex/clients';
import { type FaultScript, startFaultServer } from 'dspex/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { readPassages } from '../../../src/lm/clients/retrievers/read-passages';

const open: { close(): unknown }[] = [];
afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

const topk: FaultScript = ({ reply }) =>
  reply(200, {
    topk: ['first', 'second', 'third', 'fourth'].map((text, pid) => ({ pid, text, score: 1 / (pid + 1) })),
  });

async function setUp(script: FaultScript = topk, options: Partial<HttpRetrieverOptions> = {}) {
  const server = await startFaultServer(script);
  const retriever = new HttpRetriever({ url: `${server.url}/search`, ...options });
  open.push(server, retriever);
  return { server, retriever };
}

describe('HttpRetriever', () => {
  test('asks as ColBERTv2 servers expect, and gives k passages', async () => {
    const { server, retriever } = await setUp();
    expect(await retriever.retrieve('who & what', { k: 2 })).toEqual(['first', 'second']);
    expect(await retriever.retrieve('who')).toHaveLength(3);
    expect(server.requests.map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /v1/search?query=who+%26+what&k=2',
      'GET /v1/search?query=who&k=3',
    ]);
  });

  test('asks and reads in the way that options say, with its key in a header', async () => {
    const { server, retriever } = await setUp(({ reply }) => reply(200, { found: [['a', 1]] }), {
      apiKey: 'a-secret-key',
      query: { tenant: 'seven-seven' },
      request: (query, k) => ({ path: '/go?x=1', body: { q: query, n: k } }),
      passages: (answer) => (answer as { found: [string, number][] }).found.map(([text]) => text),
    });
    expect(await retriever.retrieve('q', { k: 1 })).toEqual(['a']);
    expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/v1/search/go?x=1&tenant=seven-seven' });
    expect(server.requests[0]?.headers['authorization']).toBe('Bearer a-secret-key');
    expect(JSON.parse(server.requests[0]?.body ?? '')).toEqual({ q: 'q', n: 1 });
  });

  test.each([
    ['a list of texts', ['a', 'b'], ['a', 'b']],
    ['results with text', { results: [{ text: 'a' }] }, ['a']],
    ['hits with content', { hits: [{ content: 'a' }, 'b'] }, ['a', 'b']],
    ['nothing found', { passages: [] }, []],
    ['something without text', { results: [{ id: 7 }] }, undefined],
    ['no list', { results: 'a' }, undefined],
    ['no object', 7, undefined],
  ])('reads %s', (_, answer, passages) => {
    expect(readPassages(answer)).toEqual(passages);
  });

  test('names an answer without passages, and leaves secrets out of it', async () => {
    const { retriever } = await setUp(({ request, reply }) => reply(200, { echo: request.headers }), {
      apiKey: 'a-secret-key',
    });
    const error = await retriever.retrieve('q').catch((one: Error) => one);
    expect(error).toMatchObject({ code: 'LM_INVALID_RESPONSE' });
    expect(String(error)).toContain('Give the option passages');
    expect(String(error)).not.toContain('a-secret-key');
  });

  test('stops with the program that searches', async () => {
    const { retriever } = await setUp(({ pause }) => pause(10_000));
    class Search extends Module {
      forward({ query }: { query: string }) {
        return retriever.retrieve(query);
      }
    }
    const controller = new AbortController();
    const call = new Search().call({ query: 'q' }, { signal: controller.signal });
    setTimeout(() => controller.abort('enough'), 20);
    await expect(call).rejects.toBe('enough');
    await expect(context({ deadlineMs: 30 }, () => retriever.retrieve('q'))).rejects.toMatchObject({
      code: 'LM_TIMEOUT',
    });
  });
});

describe('composeRetriever', () => {
  test('searches once for equal searches, and tries again after a failure', async () => {
    const { server, retriever } = await setUp((exchange, index) =>
      index === 0 ? exchange.reply(500, {}) : topk(exchange, index),
    );
    const composed = composeRetriever(retriever, { resilience: { baseDelayMs: 1 } });
    open.push(composed);
    const both = await Promise.all([composed.retrieve('q', { k: 1 }), composed.retrieve('q', { k: 1 })]);
    expect(both).toEqual([['first'], ['first']]);
    expect(await composed.retrieve('q', { k: 1 })).toEqual(['first']);
    expect(server.requests).toHaveLength(2);
    expect(await composed.retrieve('q', { k: 2 })).toEqual(['first', 'second']);
    expect(server.requests).toHaveLength(3);
    expect(composed.stats()).toMatchObject({ shared: 1, cacheHits: 1 });
    await composed.close();
    await expect(composed.retrieve('q')).rejects.toMatchObject({ code: 'LM_CLOSED' });
  });

  test('does not give one search the passages of another out of a store that they share', async () => {
    const cache = new MemoryCache();
    const { server, retriever } = await setUp();
    const url = `${server.url}/search`;
    const inBody = (collection: string) => (query: string) => ({ path: '', body: { query, collection } });
    const clients = [
      retriever,
      new HttpRetriever({ url, k: 1 }),
      new HttpRetriever({ url, request: inBody('one') }),
      new HttpRetriever({ url, request: inBody('two') }),
    ];
    const found = [];
    for (const client of clients) {
      const composed = composeRetriever(client, { cache });
      open.push(composed);
      found.push((await composed.retrieve('q')).length);
    }
    expect(found).toEqual([3, 1, 3, 3]);
    expect(server.requests).toHaveLength(4);
    const same = composeRetriever(new HttpRetriever({ url, k: 1 }), { cache });
    open.push(same);
    await same.retrieve('q');
    expect(server.requests).toHaveLength(4);
  });

  test('shares no answer of the cache with who wants a fresh one', async () => {
    const { server, retriever } = await setUp(async (exchange, index) => {
      await exchange.pause(20);
      await topk(exchange, index);
    });
    const composed = composeRetriever(retriever);
    open.push(composed);
    await composed.retrieve('q');
    await Promise.all([composed.retrieve('q'), composed.retrieve('q', { cache: false })]);
    expect(server.requests).toHaveLength(2);
  });
});
