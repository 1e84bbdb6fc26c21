import { Transform } from 'class-transformer';
import { describe, expect, it } from 'vitest';

import { JsonParseError, UnprintableValueError } from '../../../src/core/errors/value-errors';
import { parseValue } from '../../../src/core/signatures/coerce';
import { displayName } from '../../../src/core/signatures/display-name';
import { fieldSpec } from '../../../src/core/signatures/field-spec';
import { jsonSchemaOf, jsonSchemaText } from '../../../src/core/signatures/json-schema';
import { formatFieldValue } from '../../../src/core/signatures/python-text';
import {
  ANY,
  BOOL,
  FLOAT,
  INT,
  type ModelType,
  optionalType,
  STR,
  type TypeSpec,
} from '../../../src/core/signatures/type-spec';
import { parseJson } from '../../../src/core/util/json';

class Person {
  name!: string;
  @Transform(({ value }: { value: number }) => value + 1)
  age!: number;
}

const PERSON: ModelType = {
  kind: 'model',
  name: 'Person',
  construct: Person,
  fields: [
    { name: 'name', type: STR },
    { name: 'age', type: INT, constraints: [{ name: 'ge', value: 0 }] },
    { name: 'nick', type: optionalType(STR), default: { value: null } },
  ],
};

describe('a value in a prompt', () => {
  it.each<readonly [string, TypeSpec, unknown, string]>([
    ['a whole number of a float field keeps its fraction', FLOAT, 1, '1.0'],
    [
      'large and small floats look as in Python',
      { kind: 'list', item: FLOAT },
      [1e16, 1e-5, 1e21, 0.1],
      '[1e+16, 1e-05, 1e+21, 0.1]',
    ],
    ['a whole number of an int field has none', INT, 3, '3'],
    ['a bigint is exact', INT, 12345678901234567890n, '12345678901234567890'],
    ['words are those of Python', BOOL, true, 'True'],
    ['nothing is None', optionalType(INT), undefined, 'None'],
    ['inside JSON they are those of JSON', ANY, { a: true, b: null, c: 1.5 }, '{"a": true, "b": null, "c": 1.5}'],
    [
      'a moment is ISO text',
      { kind: 'datetime' },
      new Date(Date.UTC(2024, 1, 29, 1, 2, 3, 40)),
      '2024-02-29T01:02:03.040000Z',
    ],
    [
      'sets and maps are lists and objects',
      ANY,
      { s: new Set([1]), m: new Map([[1, 'x']]) },
      '{"s": [1], "m": {"1": "x"}}',
    ],
    ['texts given to a text field are numbered', STR, ['a', 'b\nc'], '[1] «a»\n[2] «««\n    b\n    c\n»»»'],
    [
      'fields of an instance come as declared',
      PERSON,
      Object.assign(new Person(), { age: 1, name: 'Ada' }),
      '{"name": "Ada", "age": 1}',
    ],
  ])('%s', (_, type, value, text) => {
    expect(formatFieldValue(fieldSpec({ name: 'f', role: 'input', type }), value)).toBe(text);
  });

  it('that contains itself, or is a function, is a named error with the field', () => {
    const loop: unknown[] = [];
    loop.push(loop);
    const field = fieldSpec({ name: 'f', role: 'input', type: ANY });
    expect(() => formatFieldValue(field, loop)).toThrow(UnprintableValueError);
    expect(() => formatFieldValue(field, () => 1)).toThrow(/the field 'f' cannot be written into a prompt/);
  });
});

describe('a text from a model', () => {
  it.each<readonly [TypeSpec, string, unknown]>([
    [INT, '1_000', 1000],
    [INT, '3.0', 3],
    [INT, '123456789012345678901', 123456789012345678901n],
    [FLOAT, 'inf', Number.POSITIVE_INFINITY],
    [BOOL, 'Yes', true],
    [{ kind: 'list', item: STR }, "['a', 'b']", ['a', 'b']],
    [{ kind: 'set', item: INT }, '[1, 1, 2]', [1, 2]],
    [{ kind: 'literal', values: ['yes', 'no'] }, "Literal['yes']", 'yes'],
    [{ kind: 'enum', name: 'E', members: [{ name: 'RED', value: 'red' }] }, 'RED', 'red'],
    [optionalType(INT), 'None', null],
    [{ kind: 'union', options: [INT, STR] }, '3', 3],
    [{ kind: 'datetime' }, '2024-02-29T01:02:03+02:00', new Date('2024-02-28T23:02:03Z')],
    [{ kind: 'date' }, '2024-02-29', '2024-02-29'],
    [{ kind: 'dict', key: STR, value: ANY }, '{"__proto__": {"x": 1}}', JSON.parse('{"__proto__": {"x": 1}}')],
  ])('for %o: %s gives its value', (type, text, value) => {
    expect(parseValue(text, type)).toEqual(value);
  });

  it.each<readonly [TypeSpec, string, string]>([
    [INT, '3.5', 'it must be a whole number, not 3.5'],
    [{ kind: 'list', item: INT }, '[1, "x"]', 'at 1: it must be a whole number, not "x"'],
    [PERSON, '{"name": "Ada"}', 'at age: the field age of Person is missing'],
    [PERSON, '{"name": "Ada", "age": -1}', 'at age: it must not be less than 0'],
    [{ kind: 'date' }, '2024-02-30', 'it must be a date like 2024-02-29, not "2024-02-30"'],
    [INT, '9'.repeat(10_000), 'it must be a whole number'],
  ])('for %o: %s is refused with the place and the reason', (type, text, message) => {
    expect(() => parseValue(text, type)).toThrow(message);
  });

  it('becomes instances of a nested class, through its class-transformer decorators', () => {
    const [ada] = parseValue('[{"name": "Ada", "age": "36", "role": "x"}]', { kind: 'list', item: PERSON }) as Person[];
    expect(ada).toBeInstanceOf(Person);
    expect({ ...ada }).toEqual({ name: 'Ada', age: 37, nick: null });
  });
});

describe('a type', () => {
  it("has the reference's name", () => {
    const type: TypeSpec = {
      kind: 'dict',
      key: STR,
      value: { kind: 'tuple', items: [optionalType(INT)], variadic: true },
    };
    expect(displayName(type)).toBe('dict[str, tuple[Union[int, NoneType], Ellipsis]]');
    expect(displayName({ kind: 'literal', values: ["it's", 'say "hi"', true, null, 1] })).toBe(
      `Literal["it's", 'say "hi"', True, None, 1]`,
    );
  });

  it('that contains itself has a schema that refers to itself', () => {
    const node: ModelType = {
      kind: 'model',
      name: 'Node',
      get fields() {
        return [{ name: 'next', type: optionalType(node), default: { value: null } }];
      },
    };
    expect(jsonSchemaOf(node)).toMatchObject({ $ref: '#/$defs/Node', $defs: { Node: { title: 'Node' } } });
    expect(jsonSchemaText({ kind: 'list', item: FLOAT })).toBe('{"type": "array", "items": {"type": "number"}}');
  });
});

describe('JSON from outside', () => {
  it('is bounded in bytes and depth before it is built', () => {
    expect(() => parseJson('"é"', { maxBytes: 3 })).toThrow('longer than 3 bytes');
    expect(parseJson('"é"', { maxBytes: 4 })).toBe('é');
    expect(() => parseJson('[[["[[["]]]', { maxDepth: 2 })).toThrow('deeper than 2 levels');
    expect(parseJson('[["[[["]]', { maxDepth: 2 })).toEqual([['[[[']]);
  });

  it('changes no prototype and names what is wrong', () => {
    const value = parseJson('{"__proto__": {"polluted": true}}') as { polluted?: boolean };
    expect(value.polluted).toBeUndefined();
    expect(() => parseJson('{')).toThrow(JsonParseError);
  });
});
