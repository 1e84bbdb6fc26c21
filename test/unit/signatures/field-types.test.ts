import { declareField, Output, Signature } from 'dspex/decorators';
import { signature, specOf } from 'dspex/program';
import { describe, expect, it } from 'vitest';
import { FieldOptionConflictError, SignatureSyntaxError } from '../../../src/core/errors/signature-errors';
import { parseValue } from '../../../src/core/signatures/coerce';
import { displayName } from '../../../src/core/signatures/display-name';
import { jsonSchemaOf } from '../../../src/core/signatures/json-schema';
import type { TypeSpec } from '../../../src/core/signatures/type-spec';

// biome-ignore lint/style/noEnum: users have them
enum Colour {
  Red = 'r',
  Green = 'g b',
}

class Dog {
  @Output({ oneOf: ['dog'] }) kind!: 'dog';
  @Output() barks!: boolean;
}
class Cat {
  @Output({ oneOf: ['cat'] }) kind!: 'cat';
  @Output() lives!: number;
}

class Everything extends Signature {
  @Output({ oneOf: { Colour } }) colour!: Colour;
  @Output({ anyOf: [Dog, Cat] }) pet!: Dog | Cat;
  @Output({ anyOf: [Dog, Cat], discriminator: 'kind' }) tagged!: Dog | Cat;
  @Output({ tuple: [String, 'int'] }) pair!: [string, number];
  @Output({ set: String }) words!: string[];
  @Output() big!: bigint;
  @Output() raw!: Uint8Array;
  @Output({ type: 'decimal' }) price!: string;
  @Output({ type: 'timedelta' }) takes!: string;
}

const typeOf = (name: string) => specOf(Everything).field(name)?.type as TypeSpec;

describe('a field of', () => {
  it.each([
    ['colour', 'Colour', 'Red', 'r'],
    ['pair', 'tuple[str, int]', '["a", "1"]', ['a', 1]],
    ['words', 'set[str]', '["a", "b", "a"]', ['a', 'b']],
    ['big', 'int', '3', 3n],
    ['raw', 'bytes', 'hé', new TextEncoder().encode('hé')],
    ['price', 'Decimal', '0.12345678901234567890', '0.12345678901234567890'],
    ['takes', 'timedelta', '1 day, 2:03:04', 'P1DT2H3M4S'],
  ])('%s is shown as %s and reads %s', (name, shown, answer, value) => {
    expect(displayName(typeOf(name))).toBe(shown);
    expect(parseValue(answer, typeOf(name))).toEqual(value);
  });

  it('several classes takes the one that fits best', () => {
    expect(parseValue('{"kind": "cat", "lives": 9}', typeOf('pet'))).toBeInstanceOf(Cat);
    expect(parseValue('{"kind": "dog", "barks": true}', typeOf('pet'))).toBeInstanceOf(Dog);
  });

  it('several classes with a discriminator says only what is wrong with the class that was named', () => {
    expect(parseValue('{"kind": "cat", "lives": 9}', typeOf('tagged'))).toBeInstanceOf(Cat);
    expect(() => parseValue('{"kind": "cat"}', typeOf('tagged'))).toThrow('lives of Cat is missing');
    expect(() => parseValue('{"kind": "cow"}', typeOf('tagged'))).toThrow(
      'kind must be one of "dog", "cat", not "cow"',
    );
    expect(jsonSchemaOf(typeOf('tagged'))).toMatchObject({
      discriminator: { propertyName: 'kind', mapping: { dog: '#/$defs/Dog', cat: '#/$defs/Cat' } },
      oneOf: [{ $ref: '#/$defs/Dog' }, { $ref: '#/$defs/Cat' }],
    });
  });

  it('classes that a discriminator cannot tell apart is refused', () => {
    class Wrong extends Signature {}
    declareField(Wrong, 'pet', 'output', { anyOf: [Dog, String], discriminator: 'kind' });
    expect(() => specOf(Wrong)).toThrow(FieldOptionConflictError);
    expect(() => specOf(Wrong)).toThrow("needs a literal 'kind'");
  });
});

describe('a signature made of objects', () => {
  it('takes types, options of decorators, and nothing for text', () => {
    const spec = signature(
      { inputs: { text: null, tags: { items: String, desc: 'at most three' } }, outputs: { score: 'int', pet: Dog } },
      { instructions: 'Rate it.' },
    );
    expect(spec.fields.map((field) => `${field.name}: ${displayName(field.type)}`)).toEqual([
      'text: str',
      'tags: list[str]',
      'score: int',
      'pet: Dog',
    ]);
    expect(spec.field('tags')?.desc).toBe('at most three');
    expect(spec.instructions).toBe('Rate it.');
  });

  it.each([
    ['a name that is none', { inputs: { '1st': String }, outputs: {} }, 'a field has a name'],
    ['a name on both sides', { inputs: { a: String }, outputs: { a: String } }, 'an input and an output'],
    ['a type that is none', { inputs: { a: 'strng' as never }, outputs: {} }, "'strng' is not a type"],
  ])('refuses %s', (_case, fields, words) => {
    expect(() => signature(fields)).toThrow(FieldOptionConflictError);
    expect(() => signature(fields)).toThrow(words);
  });
});

describe('names of types in a signature string', () => {
  it('stand for classes, words and literals, anywhere inside a type', () => {
    const types = { Dog, Money: 'decimal', Mood: { oneOf: ['glad', 'sad'] } } as const;
    const spec = signature('q -> dogs: list[Dog] | None, cost: dict[str, Money], mood: Mood', { types });
    expect(spec.outputs.map(({ type }) => displayName(type))).toEqual([
      'Union[list[Dog], NoneType]',
      'dict[str, Decimal]',
      "Literal['glad', 'sad']",
    ]);
  });

  it('are suggested when one is misspelt', () => {
    const misspelt: string = 'q -> dog: dog';
    expect(() => signature(misspelt, { types: { Dog } })).toThrow(SignatureSyntaxError);
    expect(() => signature(misspelt, { types: { Dog } })).toThrow("did you mean 'Dog'?");
  });
});

describe('a moment', () => {
  it('is a Date, and goes back into prompts as it was answered', () => {
    const type: TypeSpec = { kind: 'datetime' };
    const at = parseValue('2024-02-29 13:14:15.123456+02:00', type) as Date;
    expect(at.toISOString()).toBe('2024-02-29T11:14:15.123Z');
    expect(parseValue(at, { kind: 'str' })).toBe('2024-02-29T13:14:15.123456+02:00');
    at.setUTCFullYear(2025);
    expect(parseValue(at, { kind: 'str' })).toBe('2025-03-01T11:14:15.123000Z');
  });
});
