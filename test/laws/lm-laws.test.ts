import type { LM } from 'dspex';
import { cached, composeLM, OpenAICompatible, resilient, singleFlight } from 'dspex/clients';
import { DummyLM, lmLaws, type MockServer, startMockServer } from 'dspex/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: MockServer;
beforeAll(async () => {
  server = await startMockServer({ respond: 'a word', latencyMs: 2 });
});
afterAll(async () => {
  await server.close();
});

const client = () => new OpenAICompatible({ model: 'm', baseUrl: server.url, defaults: { temperature: 0.5 } });

describe.each<[string, () => LM]>([
  ['DummyLM', () => new DummyLM(() => 'a word')],
  ['OpenAICompatible', client],
  ['resilient', () => resilient(client())],
  ['cached', () => cached(client())],
  ['singleFlight', () => singleFlight(client())],
  ['composeLM', () => composeLM(client())],
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
