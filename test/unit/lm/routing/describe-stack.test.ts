import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeLM, describeStack, fallback, LMLayer, OpenAICompatible, pool } from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import { expect, test } from 'vitest';
import { InvalidOptionError } from '../../../../src/core/errors/option-errors';
import { ask } from '../../../faults/calls';

class AuditLM extends LMLayer {}
const client = () => new OpenAICompatible({ model: 'm', baseUrl: 'http://localhost:1/v1' });

test("names the layers from the outside in, one of one's own outermost", () => {
  const lm = composeLM(client(), { layers: [(inner) => new AuditLM(inner)] });
  expect(describeStack(lm)).toEqual(['audit', 'single-flight', 'cached', 'budgeted', 'resilient', 'OpenAICompatible']);
  expect(describeStack(composeLM(client(), { cache: false, budget: false, singleFlight: false }))).toEqual([
    'resilient',
    'OpenAICompatible',
  ]);
});

test('a recording is outermost, a second request under the budget', async () => {
  const path = join(mkdtempSync(join(tmpdir(), 'dspex-')), 'calls.jsonl');
  const dummy = new DummyLM(() => 'yes');
  const lm = composeLM(dummy, { hedged: { afterMs: 5_000 }, recorded: { path, mode: 'record' } });
  expect(describeStack(lm)).toEqual([
    'recorded',
    'single-flight',
    'cached',
    'budgeted',
    'hedged',
    'resilient',
    'DummyLM',
  ]);
  await ask(lm);
  await lm.close();
  const replayed = composeLM(new DummyLM([]), { recorded: path });
  expect((await ask(replayed)).completions[0]?.text).toBe('yes');
  await replayed.close();
});

test('names the members of groups', () => {
  const lm = fallback(pool([client(), client()]), composeLM(new DummyLM([]), { cache: false, budget: false }));
  expect(describeStack(lm)).toEqual([
    'fallback(pool(OpenAICompatible, OpenAICompatible), single-flight > resilient > DummyLM)',
  ]);
});

test('refuses layers that are none', () => {
  expect(() => composeLM(client(), { layers: 'audit' as never })).toThrow(InvalidOptionError);
  expect(() => composeLM(client(), { layers: [() => undefined as never] })).toThrow(InvalidOptionError);
});
