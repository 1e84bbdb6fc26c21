import { Cache, Embedder, LM, Predict } from 'dspex';
import { embedder, MemoryCache, OpenAICompatible } from 'dspex/clients';
import { composedLM, dspex, StackOptions } from 'dspex/container';
import { type MockScript, type MockServer, startFaultServer, startMockServer } from 'dspex/testing';
import { Container } from 'inversify';
import { afterEach, describe, expect, it } from 'vitest';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const closable of open.splice(0)) await closable.close();
});

async function server(respond?: MockScript): Promise<MockServer> {
  const started = await startMockServer(respond === undefined ? {} : { respond });
  open.push(started);
  return started;
}

/** A container whose LM is composed around a client of `mock`. */
function composed({ url }: MockServer, container = new Container()): Container {
  container
    .bind(LM)
    .toDynamicValue(composedLM(() => new OpenAICompatible({ model: 'mock', baseUrl: url })))
    .inSingletonScope();
  return container;
}

async function askTwice(container: Container): Promise<LM> {
  const lm = container.get(LM);
  open.push(lm);
  const predict = new Predict('question -> answer');
  for (let count = 0; count < 2; count += 1) await predict.call({ question: 'q' }, { lm });
  return lm;
}

describe('a composed LM', () => {
  it('uses the cache that is bound in the container', async () => {
    const mock = await server();
    const container = composed(mock);
    container.load(dspex());
    const mine = new MemoryCache();
    container.bind(Cache).toConstantValue(mine);
    await askTwice(container);
    expect(mock.requests).toHaveLength(1);
    expect(mine.stats()).toMatchObject({ entries: 1, hits: 1 });
  });

  it('shares the default cache of dspex() with the other LMs of the container, and no other layer', async () => {
    const mock = await server();
    const app = new Container();
    app.load(dspex());
    const [one, two] = [1, 2].map(() => composed(mock, new Container({ parent: app })));
    const first = await askTwice(one as Container);
    const second = await askTwice(two as Container);
    expect(first).not.toBe(second);
    expect(mock.requests).toHaveLength(1);
    expect(app.get(Cache).stats()).toMatchObject({ entries: 1, hits: 3 });
  });

  it('takes its other layers from StackOptions, so that each can be replaced or left out', async () => {
    const failing = await server({ status: 503 });
    const container = composed(failing);
    container.load(dspex());
    container.bind(StackOptions).toConstantValue(new StackOptions({ cache: false, resilience: { attempts: 1 } }));
    const lm = container.get(LM);
    open.push(lm);
    await expect(new Predict('question -> answer').call({ question: 'q' }, { lm })).rejects.toThrow(/503/);
    expect(failing.requests).toHaveLength(1);

    const working = await server();
    const uncached = composed(working);
    uncached.bind(StackOptions).toConstantValue(new StackOptions({ cache: false }));
    await askTwice(uncached);
    expect(working.requests).toHaveLength(2);
  });

  it('shares the cache of the container with an embedder that is given it, and both are closed with the container', async () => {
    const server = await startFaultServer(({ reply }) => reply(200, { data: [{ embedding: [1, 2] }] }));
    open.push(server);
    const house = dspex();
    const container = new Container();
    container.load(house);
    container
      .bind(Embedder)
      .toDynamicValue((context) => embedder('m', { baseUrl: server.url, cache: context.get(Cache) }))
      .inSingletonScope();
    for (let count = 0; count < 2; count += 1) await container.get(Embedder).embed(['a']);
    expect(container.get(Cache).stats()).toMatchObject({ entries: 1, hits: 1 });
    expect(server.requests).toHaveLength(1);
    const made = container.get(Embedder);
    container.unbindAll();
    await house.closed();
    await expect(made.embed(['a'])).rejects.toThrow(/closed/);
  });

  it('closes with its container and leaves the shared cache open', async () => {
    const mock = await server();
    const house = dspex();
    const app = new Container();
    app.load(house);
    const tenant = composed(mock, new Container({ parent: app }));
    const lm = await askTwice(tenant);
    tenant.unbindAll();
    await house.closed();
    await expect(new Predict('question -> answer').call({ question: 'q' }, { lm })).rejects.toThrow(/closed/);
    expect(app.get(Cache).stats().entries).toBe(1);
    await askTwice(composed(mock, new Container({ parent: app })));
    expect(mock.requests).toHaveLength(1);
  });
});
