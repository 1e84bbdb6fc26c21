import { describe, expect, it } from 'vitest';
import { pythonStr, typedRepr } from '../../../src/core/signatures/python/typed-repr';
import { FLOAT, INT, optionalType, STR, type TypeSpec } from '../../../src/core/signatures/type-spec';

const COLOR: TypeSpec = { kind: 'enum', name: 'Color', members: [{ name: 'RED', value: 'red' }] };

class Person {
  constructor(
    readonly name: string,
    readonly likes?: string | null,
  ) {}
}
const PERSON: TypeSpec = {
  kind: 'model',
  name: 'Person',
  construct: Person as unknown as new () => object,
  fields: [
    { name: 'name', type: STR },
    { name: 'likes', type: optionalType(COLOR), default: { value: null } },
  ],
};

describe('the two-step layout shows values as Python prints them', () => {
  it.each<[string, unknown, TypeSpec]>([
    ['plain', 'plain', STR],
    ['None', null, optionalType(STR)],
    ['True', true, { kind: 'bool' }],
    ['1.0', 1, FLOAT],
    [`["it's", 'b\\n']`, ["it's", 'b\n'], { kind: 'list', item: STR }],
    ['[1.0, 2.5]', [1, 2.5], { kind: 'list', item: FLOAT }],
    ['(1,)', [1], { kind: 'tuple', items: [INT], variadic: true }],
    ["(1, 'a')", [1, 'a'], { kind: 'tuple', items: [INT, STR] }],
    ['{1, 2}', [1, 2], { kind: 'set', item: INT }],
    ['set()', [], { kind: 'set', item: INT }],
    ['frozenset({1})', [1], { kind: 'frozenset', item: INT }],
    ["{'a': None}", { a: null }, { kind: 'dict', key: STR, value: optionalType(INT) }],
    ["{1: 'a'}", { 1: 'a' }, { kind: 'dict', key: INT, value: STR }],
    ['Color.RED', 'red', COLOR],
    ["[<Color.RED: 'red'>]", ['red'], { kind: 'list', item: COLOR }],
    ["name='Ada' likes=<Color.RED: 'red'>", new Person('Ada', 'red'), PERSON],
    ["[Person(name='Ada', likes=None)]", [new Person('Ada')], { kind: 'list', item: PERSON }],
    ["{'name': 'Ada'}", { name: 'Ada' }, PERSON],
    ["b'hi\\x00'", new Uint8Array([104, 105, 0]), { kind: 'bytes' }],
    ['2024-02-29 13:14:15+00:00', new Date('2024-02-29T13:14:15Z'), { kind: 'datetime' }],
    ['1 day, 2:03:04.500000', 'P1DT2H3M4.5S', { kind: 'timedelta' }],
    ['-1 day, 23:59:58.500000', '-PT1.5S', { kind: 'timedelta' }],
    ['1.50', '1.50', { kind: 'decimal' }],
  ])('%s', (text, value, type) => {
    expect(pythonStr(value, type)).toBe(text);
  });

  it.each<[string, unknown, TypeSpec]>([
    ['datetime.datetime(2024, 2, 29, 13, 14, tzinfo=datetime.timezone.utc)', new Date('2024-02-29T13:14:00Z'), STR],
    ['datetime.datetime(2024, 2, 29, 1, 2, 3, 400)', '2024-02-29T01:02:03.000400', { kind: 'datetime' }],
    [
      'datetime.datetime(2024, 2, 29, 1, 2, tzinfo=datetime.timezone(datetime.timedelta(days=-1, seconds=68400)))',
      '2024-02-29T01:02:00-05:00',
      { kind: 'datetime' },
    ],
    ['datetime.date(2024, 2, 9)', '2024-02-09', { kind: 'date' }],
    ['datetime.time(1, 2)', '01:02:00', { kind: 'time' }],
    ['datetime.timedelta(days=1, seconds=90, microseconds=5)', 'P1DT1M30.000005S', { kind: 'timedelta' }],
    ['datetime.timedelta(0)', 'PT0S', { kind: 'timedelta' }],
    ["Decimal('1.50')", '1.50', { kind: 'decimal' }],
    ["UUID('00000000-0000-0000-0000-000000000001')", '00000000-0000-0000-0000-000000000001', { kind: 'uuid' }],
  ])('%s, inside another', (text, value, type) => {
    expect(typedRepr(value, type)).toBe(text);
  });
});
