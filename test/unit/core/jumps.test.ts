import fc from 'fast-check';
import { expect, test } from 'vitest';
import { sharedPrefixOf, sharePrefix } from '../../../src/core/primitives/shared-prefix';
import { hasMoreLines, pythonLines, unifiedLines } from '../../../src/core/signatures/python/whitespace';
import { parseJson } from '../../../src/core/util/json';
import { readTolerantJson } from '../../../src/core/util/tolerant-json';

test('brackets in strings are no nesting, however many backslashes stand before their quotes', () => {
  for (const backslashes of [0, 1, 2, 3, 4, 5]) {
    const value = { a: `${'\\'.repeat(backslashes)}"${'['.repeat(500)}`, b: [[1]] };
    expect(parseJson(JSON.stringify(value), { maxDepth: 3 })).toEqual(value);
    expect(() => parseJson(JSON.stringify(value), { maxDepth: 2 })).toThrow('deeper than 2');
  }
});

/** How deep a value of JSON is nested. */
function depthOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(depthOf));
}

/** Texts of what a reader of JSON must not stumble over. */
const tricky = fc.string({
  unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', '\n', '\0', '😀', '\ud83d', 'a'),
});

test('depth and size are those of the value, whatever its texts hold', () => {
  const value = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 6, withCrossShrink: true }, tricky, fc.integer(), tie('list'), tie('record')),
    list: fc.array(tie('any'), { maxLength: 3 }),
    record: fc.dictionary(tricky, tie('any'), { maxKeys: 3 }),
  })).any;
  fc.assert(
    fc.property(value, fc.constantFrom(undefined, 2), (made, indent) => {
      const text = JSON.stringify(made, null, indent);
      const [depth, bytes] = [depthOf(made), Buffer.byteLength(text)];
      expect(parseJson(text, { maxDepth: depth, maxBytes: bytes })).toEqual(JSON.parse(text));
      expect(() => parseJson(text, { maxBytes: bytes - 1 })).toThrow('longer than');
      if (depth > 0) expect(() => parseJson(text, { maxDepth: depth - 1 })).toThrow('nested deeper');
    }),
    { numRuns: 500 },
  );
});

test('what is no JSON is refused like JSON.parse refuses it, and never read otherwise', () => {
  fc.assert(
    fc.property(tricky, (text) => {
      let expected: unknown;
      try {
        expected = JSON.parse(text);
      } catch {
        expect(() => parseJson(text)).toThrow('JSON');
        return;
      }
      expect(parseJson(text)).toEqual(expected);
    }),
    { numRuns: 500 },
  );
});

test('whole numbers of sixteen digits are exact wherever they stand in the text', () => {
  for (let before = 0; before < 40; before += 1) {
    const pad = 'x'.repeat(before);
    expect(readTolerantJson(`{"${pad}": 9007199254740993}`)).toEqual({ [pad]: 9007199254740993n });
    expect(readTolerantJson(`{"${pad}": 900719925474099}`)).toEqual({ [pad]: 900719925474099 });
  }
});

test('every line end of Python becomes a newline, and a text without odd ones stays as it is', () => {
  const text = 'a\r\nb\rc\vd\fe\x1cf\x1dg\x1eh\x85i\u2028j\u2029k\nl';
  expect(unifiedLines(text).split('\n')).toEqual(pythonLines(text));
  expect(unifiedLines('a\nb')).toBe('a\nb');
});

test('messages share a prefix only where they are its very objects, all of them', () => {
  const prefix = sharePrefix([
    { role: 'system', content: 's' },
    { role: 'user', content: 'demo' },
  ]);
  const [system, demo] = prefix as [(typeof prefix)[0], (typeof prefix)[0]];
  const question = { role: 'user', content: 'q' } as const;
  expect(sharedPrefixOf([...prefix, question])).toBe(prefix);
  expect(sharedPrefixOf([system, { ...demo }, question])).toBeUndefined();
  expect(sharedPrefixOf([system])).toBeUndefined();
  expect(sharedPrefixOf([question])).toBeUndefined();
  expect(sharedPrefixOf([])).toBeUndefined();
});

test('lines are counted as Python splits them, before they are unified', () => {
  const text = fc.string({
    unit: fc.constantFrom('a', '\n', '\r', '\r\n', '\v', '\x1c', '\x85', '\u2028'),
    maxLength: 30,
  });
  fc.assert(
    fc.property(text, fc.integer({ min: 0, max: 8 }), (lines, limit) => {
      expect(hasMoreLines(lines, limit)).toBe(pythonLines(lines).length > limit);
    }),
    { numRuns: 500 },
  );
});
