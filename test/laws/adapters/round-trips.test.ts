import { AdapterParseError, ChatAdapter, JSONAdapter } from 'dspex/adapters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { fieldSpec } from '../../../src/core/signatures/field-spec';
import { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { optionalType, type TypeSpec } from '../../../src/core/signatures/type-spec';
import { readTolerantJson } from '../../../src/core/util/tolerant-json';

interface Typed {
  readonly type: TypeSpec;
  readonly value: unknown;
}

// The chat layout reads lines as Python does: a separator like U+2028 comes back as a line end.
const text = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((value) => value.replace(/[\u2028\u2029\u0085]/g, '').trim());

const scalar: fc.Arbitrary<Typed> = fc.oneof(
  fc.record({ type: fc.constant<TypeSpec>({ kind: 'int' }), value: fc.integer() }),
  fc.record({ type: fc.constant<TypeSpec>({ kind: 'int' }), value: fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }) }),
  fc.record({
    type: fc.constant<TypeSpec>({ kind: 'float' }),
    value: fc.double({ noNaN: true, noDefaultInfinity: true }),
  }),
  fc.record({ type: fc.constant<TypeSpec>({ kind: 'bool' }), value: fc.boolean() }),
  fc
    .constantFrom('a', 'b c', "it's")
    .map((value): Typed => ({ type: { kind: 'literal', values: ['a', 'b c', "it's"] }, value })),
);

/** A list, object or nested class of values, with its type. */
const container: fc.Arbitrary<Typed> = fc.oneof(
  fc.array(text, { maxLength: 4 }).map((value): Typed => ({ type: { kind: 'list', item: { kind: 'str' } }, value })),
  fc
    .array(fc.double({ noNaN: true, noDefaultInfinity: true }), { maxLength: 4 })
    .map((value): Typed => ({ type: { kind: 'list', item: { kind: 'float' } }, value })),
  fc
    .dictionary(text, fc.integer(), { maxKeys: 4 })
    .map(
      (value): Typed => ({ type: { kind: 'dict', key: { kind: 'str' }, value: { kind: 'int' } }, value: { ...value } }),
    ),
  fc.record({ name: text, age: fc.integer() }).map(
    (value): Typed => ({
      type: {
        kind: 'model',
        name: 'Person',
        fields: [
          { name: 'name', type: { kind: 'str' } },
          { name: 'age', type: { kind: 'int' } },
        ],
      },
      value: { ...value },
    }),
  ),
);

const optional = scalar.chain(({ type, value }) =>
  fc.constantFrom(value, null).map((given): Typed => ({ type: optionalType(type), value: given })),
);

const answer = fc.array(fc.oneof(scalar, container, optional), { minLength: 1, maxLength: 4 }).map((typed) => {
  const fields = typed.map(({ type }, at) => fieldSpec({ name: `f${at}`, role: 'output', type }));
  const question = fieldSpec({ name: 'q', role: 'input', type: { kind: 'str' } });
  const values = Object.fromEntries(typed.map(({ value }, at) => [`f${at}`, value]));
  return { spec: new SignatureSpec({ fields: [question, ...fields] }), values };
});

describe.each([new ChatAdapter(), new JSONAdapter()])('$name', (adapter) => {
  it('reads every answer that it writes as the values it was written from', () => {
    fc.assert(
      fc.property(answer, ({ spec, values }) => {
        const parsed = adapter.parse(spec, adapter.formatAnswer(spec, values));
        for (const field of spec.outputs) {
          const written = values[field.name];
          expect(parsed[field.name]).toEqual(written === 0 ? parsed[field.name] : written);
        }
      }),
    );
  });

  it('reads or refuses any text at all', () => {
    fc.assert(
      fc.property(answer, fc.string({ unit: 'binary' }), fc.nat(), ({ spec, values }, noise, at) => {
        const whole = adapter.formatAnswer(spec, values);
        const place = at % (whole.length + 1);
        for (const completion of [noise, whole.slice(0, place), whole.slice(0, place) + noise + whole.slice(place)]) {
          try {
            adapter.parse(spec, completion);
          } catch (error) {
            expect(error).toBeInstanceOf(AdapterParseError);
          }
        }
      }),
    );
  });
});

it('the tolerant reader agrees with JSON.parse on every object and list that is JSON', () => {
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())), (value) => {
      const text = JSON.stringify(value);
      // whole numbers beyond 2^53 are exact, as bigint
      const rounded = (_: string, member: unknown) => (typeof member === 'bigint' ? Number(member) : member);
      expect(JSON.stringify(readTolerantJson(text), rounded)).toBe(JSON.stringify(JSON.parse(text)));
      // a spare comma sends the text through the tolerant path
      const sloppy = text.replace(/[\]}]$/, ',$&');
      expect(Object.keys(readTolerantJson(sloppy) as object)).toHaveLength(Object.keys(value).length);
    }),
  );
});
