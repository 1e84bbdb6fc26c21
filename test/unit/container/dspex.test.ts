import {
  Adapter,
  Cache,
  ChatAdapter,
  Embedder,
  InvalidOptionError,
  JSONAdapter,
  LM,
  LMClosedError,
  Logger,
  Retriever,
  SilentLogger,
  UnknownOptionError,
} from 'dspex';
import { composeEmbedder, OpenAIEmbedder } from 'dspex/clients';
import { dspex } from 'dspex/container';
import { DummyLM } from 'dspex/testing';
import { Container } from 'inversify';
import { describe, expect, it } from 'vitest';

class NoCache extends Cache {
  closed = false;
  get() {
    return undefined;
  }
  set() {}
  clear() {}
  stats() {
    return { entries: 0, hits: 0, misses: 0 };
  }
  close() {
    this.closed = true;
  }
}

class LocalLogger extends SilentLogger {}

describe('dspex()', () => {
  it('binds an adapter, a cache and a logger to inject, and no LM and no retriever', () => {
    const container = new Container();
    container.load(dspex());
    expect(container.get(Adapter)).toBeInstanceOf(ChatAdapter);
    expect(container.get(Cache)).toBe(container.get(Cache));
    expect(container.get(Logger)).toBeInstanceOf(Logger);
    expect([container.isBound(LM), container.isBound(Retriever)]).toEqual([false, false]);
  });

  it('steps back for what the application binds, whatever comes first', () => {
    const mine = new LocalLogger();
    const before = new Container();
    before.bind(Logger).toConstantValue(mine);
    before.load(dspex());
    const after = new Container();
    after.load(dspex());
    expect(after.get(Logger)).not.toBe(mine);
    after.bind(Logger).toConstantValue(mine);
    const quiet = new Container();
    quiet.load(dspex());
    quiet.bind(Logger).toConstantValue(mine).whenDefault();
    expect([before, after, quiet].map((container) => container.get(Logger))).toEqual([mine, mine, mine]);
    expect(after.get(Logger, { name: 'audit' })).toBe(mine);
  });

  it('may be loaded into parent and child', () => {
    const parent = new Container();
    parent.load(dspex());
    const child = new Container({ parent });
    child.load(dspex());
    expect(child.get(Cache)).toBe(parent.get(Cache));
  });

  it('binds what its options give', () => {
    const given = { lm: new DummyLM([]), adapter: new JSONAdapter(), cache: new NoCache(), logger: new LocalLogger() };
    const container = new Container();
    container.load(dspex(given));
    expect([LM, Adapter, Cache, Logger].map((token) => container.get<object>(token))).toEqual(Object.values(given));
  });

  it('refuses options it does not have and values they cannot have', () => {
    expect(() => dspex({ model: 'x' } as never)).toThrow(UnknownOptionError);
    expect(() => dspex({ lm: 'openai/gpt-5-mini' as never })).toThrow(InvalidOptionError);
    expect(() => dspex({ concurrency: 0 })).toThrow(InvalidOptionError);
    expect(() => dspex({ cache: {} as never })).toThrow(InvalidOptionError);
  });
});

class Shelf extends Retriever {
  closed = false;
  async retrieve() {
    return ['a book'];
  }
  async close() {
    this.closed = true;
  }
}

describe('closing', () => {
  const request = { endpoint: 'dummy:', model: 'dummy', messages: [], options: {} };

  it('closes the LM and the cache with the container', async () => {
    const house = dspex();
    const container = new Container();
    container.load(house);
    const [lm, cache] = [new DummyLM(() => 'yes'), new NoCache()];
    container.bind(LM).toConstantValue(lm);
    container.bind(Cache).toConstantValue(cache);
    await container.get(LM).generate(request);
    container.get(Cache);
    container.unbindAll();
    await house.closed();
    await expect(lm.generate(request)).rejects.toThrow(LMClosedError);
    expect(cache.closed).toBe(true);
  });

  it('closes embedders and retrievers too, also one in the options, and leaves a retriever alone that has no close', async () => {
    const [given, bound] = [new Shelf(), new Shelf()];
    const house = dspex({ retriever: given });
    const container = new Container();
    container.load(house);
    container.bind(Retriever).toConstantValue(bound).whenNamed('notes');
    class Loose extends Retriever {
      async retrieve() {
        return [];
      }
    }
    container.bind(Retriever).toConstantValue(new Loose()).whenNamed('loose');
    const made = composeEmbedder(new OpenAIEmbedder({ model: 'm', baseUrl: 'http://127.0.0.1:1' }));
    container.bind(Embedder).toConstantValue(made);
    container.get(Embedder);
    container.get(Retriever);
    for (const name of ['notes', 'loose']) container.getAll(Retriever, { name });
    container.unbindAll();
    await house.closed();
    expect([given.closed, bound.closed]).toEqual([true, true]);
    await expect(made.embed(['a'])).rejects.toThrow(LMClosedError);
  });

  it('closes an LM that is replaced', async () => {
    const house = dspex();
    const container = new Container();
    container.load(house);
    const lm = new DummyLM(() => 'yes');
    container.bind(LM).toConstantValue(lm);
    await container.get(LM).generate(request);
    container.rebind(LM).toConstantValue(new DummyLM(() => 'no'));
    await house.closed();
    await expect(lm.generate(request)).rejects.toThrow(LMClosedError);
    expect((await container.get(LM).generate(request)).completions[0]?.text).toBe('no');
  });

  it('tells a failure to close to whoever waits for it, and to nobody else', async () => {
    class Stuck extends DummyLM {
      override async close() {
        throw new Error('the socket is stuck');
      }
    }
    const house = dspex({ lm: new Stuck([]) });
    const container = new Container();
    container.load(house);
    container.get(LM);
    container.unbindAll();
    await expect(house.closed()).rejects.toThrow('the socket is stuck');
  });
});
