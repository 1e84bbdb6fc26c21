import type { Adapter, AskFollowUp } from 'dspex/adapters';
import fc from 'fast-check';
import { type Message, textOf } from '../../../src/core/primitives/message';
import { type FieldValues, fieldSpec } from '../../../src/core/signatures/field-spec';
import { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { optionalType, type TypeSpec } from '../../../src/core/signatures/type-spec';

/** A value and a type that has it. */
interface Typed {
  readonly type: TypeSpec;
  readonly value: unknown;
}

/** A signature and values for its outputs. */
export interface TypedAnswer {
  readonly spec: SignatureSpec;
  readonly values: FieldValues;
}

/** For adapters that read an answer themselves. */
export const noFollowUp: AskFollowUp = () => Promise.reject(new Error('no other model is asked'));

// The chat layout reads lines as Python does: a separator like U+2028 comes back as a line end.
const text = fc
  .string({ unit: 'grapheme', maxLength: 12 })
  .map((value) => value.replace(/[\u2028\u2029\u0085]/g, '').trim());
const float = fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => (value === 0 ? 0 : value));

const COLOUR: TypeSpec = {
  kind: 'enum',
  name: 'Colour',
  members: [
    { name: 'RED', value: 'r' },
    { name: 'GREEN', value: 'g b' },
  ],
};
const [FIRST, LAST] = [new Date('0001-01-02'), new Date('9999-12-30')];

const scalar: fc.Arbitrary<Typed> = fc.oneof(
  fc.record({ type: fc.constant<TypeSpec>({ kind: 'int' }), value: fc.integer() }),
  fc.record({ type: fc.constant<TypeSpec>({ kind: 'int' }), value: fc.bigInt({ min: 2n ** 60n, max: 2n ** 70n }) }),
  fc.record({ type: fc.constant<TypeSpec>({ kind: 'float' }), value: float }),
  fc.record({ type: fc.constant<TypeSpec>({ kind: 'bool' }), value: fc.boolean() }),
  fc
    .constantFrom('a', 'b c', "it's")
    .map((value): Typed => ({ type: { kind: 'literal', values: ['a', 'b c', "it's"] }, value })),
  fc.constantFrom('r', 'g b').map((value): Typed => ({ type: COLOUR, value })),
  fc
    .date({ noInvalidDate: true, min: FIRST, max: LAST })
    .chain((value) =>
      fc.constantFrom<Typed>(
        { type: { kind: 'datetime' }, value },
        { type: { kind: 'date' }, value: value.toISOString().slice(0, 10) },
      ),
    ),
);

/** A value inside a list, dictionary or class: also text, which keeps its form there. */
const inner: fc.Arbitrary<Typed> = fc.oneof(
  scalar,
  text.map((value): Typed => ({ type: { kind: 'str' }, value })),
);

/** The bottom of a type, and lists, dictionaries, tuples and classes over it. */
const { typed } = fc.letrec<{ typed: Typed; container: Typed }>((tie) => ({
  typed: fc.oneof({ maxDepth: 3 }, inner, tie('container')),
  container: fc.oneof(
    { maxDepth: 3 },
    tie('typed').map(({ type, value }): Typed => ({ type: { kind: 'list', item: type }, value: [value, value] })),
    fc
      .uniqueArray(fc.integer(), { maxLength: 4 })
      .map((value): Typed => ({ type: { kind: 'set', item: { kind: 'int' } }, value })),
    tie('typed').map(({ type }): Typed => ({ type: { kind: 'list', item: type }, value: [] })),
    fc.tuple(tie('typed'), fc.array(text, { maxLength: 3 })).map(
      ([{ type, value }, keys]): Typed => ({
        type: { kind: 'dict', key: { kind: 'str' }, value: type },
        value: Object.fromEntries(keys.map((key) => [key, value])),
      }),
    ),
    fc.tuple(tie('typed'), tie('typed')).map(
      ([left, right]): Typed => ({
        type: { kind: 'tuple', items: [left.type, right.type] },
        value: [left.value, right.value],
      }),
    ),
    fc.tuple(tie('typed'), tie('typed'), fc.boolean()).map(([first, second, given]): Typed => {
      const fields = [
        { name: 'first', type: first.type },
        { name: 'second', type: optionalType(second.type) },
      ];
      return {
        type: { kind: 'model', name: 'Pair', fields },
        value: { first: first.value, second: given ? second.value : null },
      };
    }),
  ),
}));

const optional = scalar.chain(({ type, value }) =>
  fc.constantFrom(value, null).map((given): Typed => ({ type: optionalType(type), value: given })),
);

/** Signatures with random types for their outputs, and values of them. */
export const typedAnswer: fc.Arbitrary<TypedAnswer> = fc
  .array(fc.oneof(scalar, typed, optional), { minLength: 1, maxLength: 4 })
  .map((outputs) => {
    const fields = outputs.map(({ type }, at) => fieldSpec({ name: `f${at}`, role: 'output', type }));
    const question = fieldSpec({ name: 'q', role: 'input', type: { kind: 'str' } });
    const values = Object.fromEntries(outputs.map(({ value }, at) => [`f${at}`, value]));
    return { spec: new SignatureSpec({ fields: [question, ...fields] }), values };
  });

/** The answer with these values as the adapter shows it in a demo. */
export function textOfAnswer(adapter: Adapter, spec: SignatureSpec, values: FieldValues): string {
  const messages: readonly Message[] = adapter.format(spec, [{ q: 'Q', ...values }], { q: 'Q' });
  const shown = messages.find((message) => message.role === 'assistant');
  if (shown === undefined) throw new Error(`${adapter.name} shows no demo`);
  return textOf(shown);
}
