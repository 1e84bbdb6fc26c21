import { Adapter, BAMLAdapter, ChatAdapter, JSONAdapter, TwoStepAdapter, XMLAdapter } from 'dspex/adapters';
import { adapterLaws, DummyLM } from 'dspex/testing';
import { describe, expect, it } from 'vitest';

describe.each([
  ['ChatAdapter', () => new ChatAdapter()],
  ['ChatAdapter without fallback', () => new ChatAdapter({ useJSONAdapterFallback: false })],
  ['JSONAdapter', () => new JSONAdapter()],
  ['XMLAdapter', () => new XMLAdapter()],
  ['BAMLAdapter', () => new BAMLAdapter()],
  ['TwoStepAdapter', () => new TwoStepAdapter({ extractionLM: extraction() })],
] as const)('%s', (_, make) => {
  it.each(adapterLaws.map((law) => [law.name, law] as const))('%s', async (_name, law) => {
    await expect(law.check(make)).resolves.toBeUndefined();
  });
});

/** Extracts `name: value` lines, as the demos of the two-step layout have them. */
function extraction(): DummyLM {
  return new DummyLM(({ messages }) => {
    const text = /^\[\[ ## text ## \]\]\n([\s\S]*)\n\nRespond with/.exec(String(messages.at(-1)?.content))?.[1] ?? '';
    return text.replace(/^(\w+): /gm, '[[ ## $1 ## ]]\n');
  });
}

class Forgetful extends Adapter {
  readonly name = 'Forgetful';
  private calls = 0;

  override format() {
    return [{ role: 'user' as const, content: `call ${this.calls++}` }];
  }

  override parse(): never {
    throw new TypeError('oops');
  }
}

it('the laws name the promise that a custom adapter breaks', async () => {
  const broken: string[] = [];
  for (const law of adapterLaws) {
    await law
      .check(() => new Forgetful())
      .catch((error: unknown) => {
        expect(String(error)).toContain(`The law '${law.name}' is broken: Forgetful`);
        broken.push(law.name);
      });
  }
  expect(broken).toEqual([
    'equal arguments give equal messages, and none is changed',
    'what is asked stands in the last message of the user',
    'hostile answers are read or refused, and change nothing',
  ]);
});
