import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { sameValue } from '../same-value';
import { PINS } from '../vectors';
import { pinVector } from './pin-vector';
import { PINNED_FILES } from './scope';
import { isTextHash } from './text-hash';

const SENTENCE = 'A sentence of quite some length, in the words of somebody else.';

it('a pin keeps the input, short values and what the input says, and hashes every other text', () => {
  const vector = {
    id: 'x',
    group: 'g',
    input: { answer: 'A text of the input that is longer than a word or two' },
    expect: {
      value: 'short',
      known: 'A text of the input that is longer than a word or two',
      told: SENTENCE,
      error: { class: 'ValueError', message: SENTENCE },
      messages: [{ role: 'user', content: 'hi' }],
      logs: [SENTENCE],
    },
  };
  const pinned = pinVector(vector);
  expect(pinned.input).toEqual(vector.input);
  expect(pinned.expect).toEqual({
    value: 'short',
    known: vector.expect.known,
    told: { $sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
    error: { class: 'ValueError' },
    messages: { $sha256: expect.stringMatching(/^[0-9a-f]{64}$/) },
  });
});

it('a hash equals the messages it was made of, whatever the order of their members, and no others', () => {
  const { expect: pinned } = pinVector({ id: 'x', group: 'g', input: {}, expect: { messages: [{ a: 1, b: '2' }] } });
  expect(sameValue(pinned, { messages: [{ b: '2', a: 1 }] })).toBe(true);
  expect(sameValue(pinned, { messages: [{ b: '2', a: 2 }] })).toBe(false);
});

it.each(PINNED_FILES)('the pins of %s hold no prompt', (file) => {
  const lines = readFileSync(join(PINS, file), 'utf8').trimEnd().split('\n');
  const shown = lines.flatMap((line) => promptsOf(JSON.parse(line).expect));
  expect(lines.length).toBeGreaterThan(0);
  expect(shown).toEqual([]);
});

/** Messages and saved files that stand as they are, at any depth. */
function promptsOf(value: unknown): unknown[] {
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([name, member]) =>
    (name === 'messages' || name === 'file_text') && !isTextHash(member) ? [member] : promptsOf(member),
  );
}
