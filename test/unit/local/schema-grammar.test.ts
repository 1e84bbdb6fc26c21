import { LMInvalidRequestError } from 'dspex';
import fc from 'fast-check';
import { getLlama, type Llama } from 'node-llama-cpp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { anyObjectGrammar, schemaGrammar } from '../../../src/lm/clients/local/grammar/schema-grammar';

const BOUNDS = { stringLimit: 20, itemLimit: 5 };

let llama: Llama;
beforeAll(async () => {
  llama = await getLlama({ build: 'never', gpu: false });
});
afterAll(() => llama.dispose());

/** Whether the runtime's own grammar engine takes the whole text. */
async function takes(grammar: string, text: string): Promise<boolean> {
  const compiled = await llama.createGrammar({ grammar });
  return (compiled as unknown as { _testText(text: string): boolean })._testText(text);
}

const object = (properties: object, more: object = {}) => ({
  type: 'object',
  properties,
  required: Object.keys(properties),
  additionalProperties: false,
  ...more,
});
const shown = (value: unknown) => JSON.stringify(value, null, 2);

describe('the grammar of a JSON Schema', () => {
  const person = object({ name: { type: 'string', maxLength: 8 }, age: { type: 'integer', minimum: 0 } });

  it.each([
    ['strings', { type: 'string' }, ['', 'a "quoted" word', 'line\nbreak', 'naïve ✓'], [1, null, 'x'.repeat(21)]],
    ['bounded strings', { type: 'string', minLength: 2, maxLength: 4 }, ['ab', 'abcd'], ['a', 'abcde']],
    ['whole numbers', { type: 'integer' }, [0, -7, 120], [1.5, '1', null]],
    ['whole numbers that are not negative', { type: 'integer', minimum: 0 }, [0, 7], [-7]],
    ['numbers', { type: 'number' }, [0, -1.25, 3e5], ['1', true]],
    ['truth values', { type: 'boolean' }, [true, false], ['true', 0]],
    ['nothing', { type: 'null' }, [null], [0, '']],
    ['choices', { enum: ['yes', 'no "way"', 3, null] }, ['yes', 'no "way"', 3, null], ['maybe', 4]],
    ['constants', { const: 'only' }, ['only'], ['other']],
    ['unions', { anyOf: [{ type: 'integer' }, { type: 'null' }] }, [4, null], ['4', true]],
    ['unions by oneOf', { oneOf: [{ type: 'boolean' }, { type: 'string' }] }, [true, 'x'], [4]],
    ['lists of types', { type: ['string', 'null'] }, ['x', null], [4]],
    [
      'lists',
      { type: 'array', items: { type: 'string' } },
      [[], ['a'], ['a', 'b']],
      [[1], 'a', ['1', '2', '3', '4', '5', '6']],
    ],
    [
      'bounded lists',
      { type: 'array', items: { type: 'integer' }, minItems: 1, maxItems: 2 },
      [[1], [1, 2]],
      [[], [1, 2, 3]],
    ],
    ['tuples', { type: 'array', prefixItems: [{ type: 'integer' }, { type: 'string' }] }, [[1, 'a']], [[1], ['a', 1]]],
    ['nested objects', person, [{ name: 'Ada', age: 36 }], [{ name: 'Ada' }, { age: 36, name: 'Ada' }, {}]],
    [
      'dictionaries',
      { type: 'object', additionalProperties: { type: 'integer' } },
      [{}, { a: 1, 'b c': 2 }],
      [{ a: 'x' }],
    ],
    ['dates', { type: 'string', format: 'date' }, ['2024-02-29'], ['soon', '2024-13-01']],
    ['anything', {}, [1, 'x', null, [1, { a: [] }], { a: { b: true } }], []],
    ['single allOf', { allOf: [{ type: 'integer' }] }, [1], ['x']],
  ])('takes %s and nothing else', async (_name, schema, good, bad) => {
    const grammar = schemaGrammar(object({ value: schema }), BOUNDS);
    for (const value of good) expect([value, await takes(grammar, shown({ value }))]).toEqual([value, true]);
    for (const value of bad) expect([value, await takes(grammar, shown({ value }))]).toEqual([value, false]);
  });

  it('keeps the order of the members and the layout of demonstrations', async () => {
    const grammar = schemaGrammar(
      object({ b: { type: 'string' }, a: { type: 'array', items: { type: 'integer' } } }),
      BOUNDS,
    );
    expect(await takes(grammar, '{\n  "b": "x",\n  "a": [\n    1,\n    2\n  ]\n}')).toBe(true);
    expect(await takes(grammar, '{"b": "x", "a": [1, 2]}')).toBe(false);
    expect(await takes(grammar, '{\n  "a": [],\n  "b": "x"\n}')).toBe(false);
    expect(await takes(grammar, '{\n  "b": "x",\n  "a": []\n}\n')).toBe(false);
  });

  it('follows references, also recursive ones, to a finite depth', async () => {
    const node = object({ label: { type: 'string' }, next: { anyOf: [{ $ref: '#/$defs/Node' }, { type: 'null' }] } });
    const grammar = schemaGrammar({ ...object({ root: { $ref: '#/$defs/Node' } }), $defs: { Node: node } }, BOUNDS);
    expect(await takes(grammar, shown({ root: { label: 'a', next: { label: 'b', next: null } } }))).toBe(true);
    expect(await takes(grammar, shown({ root: { label: 'a', next: 'b' } }))).toBe(false);
  });

  it('takes any object for json_object, at its top level nothing else', async () => {
    const grammar = anyObjectGrammar(BOUNDS);
    expect(await takes(grammar, shown({ a: 1, b: ['x', { c: null }] }))).toBe(true);
    expect(await takes(grammar, '{}')).toBe(true);
    expect(await takes(grammar, '[]')).toBe(false);
  });

  it('takes whatever Python-shaped JSON a value of free shape has', async () => {
    const grammar = anyObjectGrammar({ stringLimit: 50, itemLimit: 10 });
    const text = fc.string({ maxLength: 10, unit: 'grapheme-ascii' });
    const leaf = fc.oneof(text, fc.integer(), fc.boolean(), fc.constant(null));
    const value = fc.oneof(
      leaf,
      fc.array(leaf, { maxLength: 3 }),
      fc.dictionary(
        text.filter((key) => key !== ''),
        leaf,
        { maxKeys: 3 },
      ),
    );
    await fc.assert(
      fc.asyncProperty(value, async (inner) => takes(grammar, shown({ inner }))),
      { numRuns: 40 },
    );
  });

  it('refuses a schema that has no finite value', () => {
    const endless = object({ next: { $ref: '#/$defs/Endless' } });
    expect(() => schemaGrammar({ ...endless, $defs: { Endless: endless } }, BOUNDS)).toThrow(LMInvalidRequestError);
  });

  it('names a reference that leads nowhere', () => {
    expect(() => schemaGrammar(object({ x: { $ref: '#/$defs/Gone' } }), BOUNDS)).toThrow("'#/$defs/Gone'");
  });
});
