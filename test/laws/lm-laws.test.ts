import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Budget, type CallScope, type LM } from 'dspex';
import {
  budgeted,
  cached,
  composeLM,
  fallback,
  hedged,
  OpenAICompatible,
  pool,
  recorded,
  resilient,
  singleFlight,
} from 'dspex/clients';
import { DummyLM, lmLaws, type MockServer, startMockServer } from 'dspex/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const folder = mkdtempSync(join(tmpdir(), 'dspex-laws-'));
let server: MockServer;
beforeAll(async () => {
  server = await startMockServer({ respond: 'a word', latencyMs: 2 });
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const client = () => new OpenAICompatible({ model: 'm', baseUrl: server.url, defaults: { temperature: 0.5 } });

/** Everything that a first LM was asked is in the file; the second one asks nobody what is there. */
function replaying(): LM {
  return recorded(client(), join(folder, 'replayed.jsonl'), { mode: 'auto' });
}

describe.each<[string, () => LM]>([
  ['DummyLM', () => new DummyLM(() => 'a word')],
  ['OpenAICompatible', client],
  ['resilient', () => resilient(client())],
  ['cached', () => cached(client())],
  ['singleFlight', () => singleFlight(client())],
  ['composeLM', () => composeLM(client())],
  ['budgeted', () => budgeted(client(), { budget: new Budget({ calls: 1000 }) })],
  ['fallback', () => fallback(client(), client())],
  ['pool', () => pool([client(), client()])],
  ['hedged', () => hedged(client(), { afterMs: 0, max: 1 })],
  ['recorded', () => recorded(client(), join(folder, `${randomUUID()}.jsonl`), { mode: 'record' })],
  ['recorded, replaying', () => replaying()],
])('%s', (_name, make) => {
  test.each(lmLaws)('$name', ({ check }) => check(make));
});

test('a law that is broken fails', async () => {
  class Thawed extends DummyLM {
    override async generate(...args: Parameters<DummyLM['generate']>) {
      const { completions, ...rest } = await super.generate(...args);
      return { ...rest, completions: [...completions] };
    }
  }
  const frozen = lmLaws.find(({ name }) => name.includes('frozen response'));
  await expect(frozen?.check(() => new Thawed(() => 'a word'))).rejects.toThrow('not frozen');
});

const lawNamed = (part: string) => lmLaws.find(({ name }) => name.includes(part));

test('pieces that do not add up to the answer, or come late, break their laws', async () => {
  class Liar extends DummyLM {
    override async generate(...[request, scope]: Parameters<DummyLM['generate']>) {
      const response = await super.generate(request, { ...scope, onDelta: () => {} });
      await scope?.onDelta?.({ index: 0, text: 'something else' });
      return response;
    }
  }
  await expect(lawNamed('whose sum')?.check(() => new Liar(() => 'a word'))).rejects.toThrow('are not its text');
  class Late extends DummyLM {
    override async generate(...[request, scope]: Parameters<DummyLM['generate']>) {
      const response = await super.generate(request, {});
      setImmediate(() => {
        void scope?.onDelta?.({ index: 0, text: 'a word' });
      });
      return response;
    }
  }
  await expect(lawNamed('whose sum')?.check(() => new Late(() => 'a word'))).rejects.toThrow('after the end');
  class Hasty extends DummyLM {
    override async generate(...[request, scope]: Parameters<DummyLM['generate']>) {
      const { onDelta } = scope ?? {};
      return super.generate(
        request,
        onDelta === undefined ? {} : { ...scope, onDelta: (delta) => void onDelta(delta) },
      );
    }
  }
  await expect(lawNamed('waits for whoever')?.check(() => new Hasty(() => 'two words'))).rejects.toThrow(
    /at a time|still/u,
  );
});

describe.each<[string, (lm: LM) => LM]>([
  ['resilient', (lm) => resilient(lm)],
  ['cached', (lm) => cached(lm)],
  ['singleFlight', (lm) => singleFlight(lm)],
  ['composeLM', (lm) => composeLM(lm)],
  ['budgeted', (lm) => budgeted(lm, { budget: new Budget({ calls: 1000 }) })],
  ['fallback', (lm) => fallback(lm)],
  ['pool', (lm) => pool([lm])],
  ['hedged', (lm) => hedged(lm)],
  ['recorded', (lm) => recorded(lm, join(folder, `${randomUUID()}.jsonl`), { mode: 'record' })],
])('%s hands on', (_name, wrap) => {
  test.each([true, false])('the whole scope, with cache: %s', async (cache) => {
    const scopes: CallScope[] = [];
    class Spy extends DummyLM {
      override generate(...[request, scope = {}]: Parameters<DummyLM['generate']>) {
        scopes.push(scope);
        return super.generate(request, scope);
      }
    }
    const lm = wrap(new Spy(() => 'one two three'));
    const controller = new AbortController();
    const pieces: string[] = [];
    await lm.generate(lm.createRequest([{ role: 'user', content: 'q' }]), {
      signal: controller.signal,
      deadlineMs: 5_000,
      priority: 7,
      cache,
      onDelta: ({ text }) => void pieces.push(text ?? ''),
    });
    expect(scopes).toHaveLength(1);
    expect(scopes[0]).toMatchObject({ priority: 7, cache });
    expect(scopes[0]?.signal).toBeInstanceOf(AbortSignal);
    expect(scopes[0]?.deadlineMs).toBeGreaterThan(0);
    expect(scopes[0]?.deadlineMs).toBeLessThanOrEqual(5_000);
    expect(pieces.length).toBeGreaterThan(1);
    await lm.close();
  });
});
