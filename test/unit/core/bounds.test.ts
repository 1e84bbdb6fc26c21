import { AdapterParseError, ChatAdapter } from 'dspex/adapters';
import { signature } from 'dspex/program';
import { describe, expect, test } from 'vitest';
import { JsonParseError, shownValue } from '../../../src/core/errors/value-errors';
import { readPythonLiteral } from '../../../src/core/signatures/python/literal';
import { readTolerantJson } from '../../../src/core/util/tolerant-json';

const LONG = 'x'.repeat(70_000);

describe('what is too long to be read in time is refused, not waited for', () => {
  test('broken JSON is repaired up to 64 Ki characters and refused beyond', () => {
    expect(readTolerantJson("{'a': 1,}")).toEqual({ a: 1 });
    expect(() => readTolerantJson(`{'a': '${LONG}',}`)).toThrow(JsonParseError);
    expect(() => readTolerantJson(`{'a': '${LONG}',}`)).toThrow('too long to be repaired (70010 characters)');
  });

  test('sound JSON of any such length is read', () => {
    expect(readTolerantJson(JSON.stringify({ a: LONG }))).toEqual({ a: LONG });
  });

  test('a Python literal is read up to 64 Ki characters', () => {
    expect(readPythonLiteral("'short'")).toEqual({ value: 'short' });
    expect(readPythonLiteral(`'${LONG}'`)).toBeUndefined();
  });

  test('a chat answer of more than 200,000 lines is refused', () => {
    const spec = signature('question -> answer');
    const adapter = new ChatAdapter();
    const answer = (lines: number) => `[[ ## answer ## ]]\n${'word\n'.repeat(lines)}`;
    expect(String(adapter.parse(spec, answer(1000))['answer']).split('\n')).toHaveLength(1000);
    expect(() => adapter.parse(spec, answer(200_001))).toThrow(AdapterParseError);
    expect(() => adapter.parse(spec, answer(200_001))).toThrow('more than 200000 lines');
  });

  test('a value is shown by its beginning', () => {
    expect(shownValue('x'.repeat(1_000_000)).length).toBeLessThan(3000);
    expect(shownValue('short')).toBe('"short"');
  });
});
