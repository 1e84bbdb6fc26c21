import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Budget, type LM } from 'dspex';
import { budgeted, cached, composeLM, OpenAICompatible, recorded, resilient, singleFlight } from 'dspex/clients';
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
