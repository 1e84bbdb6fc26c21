import { Adapter, ChatAdapter, JSONAdapter } from 'dspex/adapters';
import { adapterLaws } from 'dspex/testing';
import { describe, expect, it } from 'vitest';

describe.each([
  ['ChatAdapter', () => new ChatAdapter()],
  ['ChatAdapter without fallback', () => new ChatAdapter({ useJSONAdapterFallback: false })],
  ['JSONAdapter', () => new JSONAdapter()],
] as const)('%s', (_, make) => {
  it.each(adapterLaws.map((law) => [law.name, law] as const))('%s', (_name, law) => {
    expect(() => law.check(make)).not.toThrow();
  });
});

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

it('the laws name the promise that a custom adapter breaks', () => {
  const broken = adapterLaws.filter((law) => {
    try {
      law.check(() => new Forgetful());
      return false;
    } catch (error) {
      expect(String(error)).toContain(`The law '${law.name}' is broken: Forgetful`);
      return true;
    }
  });
  expect(broken.map((law) => law.name)).toEqual([
    'equal arguments give equal messages, and none is changed',
    'what is asked stands in the last message of the user',
    'hostile answers are read or refused, and change nothing',
  ]);
});
