/** What a declaration may say, and the sentence that a wrong one is refused with at compile time. */
import { Input, Output, type ReadonlyKeys, Signature, type WritableKeys } from 'dspex/decorators';
import { expectTypeOf } from 'vitest';
import type { CheckedField } from '../../decorators/checked-field';

// biome-ignore lint/style/noEnum: users have enums, and fields may be declared with them
enum Color {
  Red = 'red',
  Blue = 'blue',
}
// biome-ignore lint/style/noEnum: users have enums, and fields may be declared with them
enum Level {
  Low,
  High,
}
class Evidence {
  @Output() quote!: string;
}

// every line of this class is accepted
class Right extends Signature {
  @Input() readonly question!: string;
  @Input({ desc: 'x', prefix: 'P:' }) readonly count!: number;
  @Input() readonly day!: Date;
  @Input() readonly flag!: boolean;
  @Input({ type: 'int' }) readonly whole!: number;
  @Input({ type: String }) readonly text!: string;
  @Input({ items: String }) readonly tags!: string[];
  @Input({ items: String }) readonly fixed!: readonly string[];
  @Input({ items: { items: 'int' } }) readonly table!: number[][];
  @Input({ items: { oneOf: ['a', 'b'] } }) readonly letters!: ('a' | 'b')[];
  @Input({ values: Number }) readonly scores!: Record<string, number>;
  @Input({ values: 'any' }) readonly free!: Record<string, unknown>;
  @Input({ type: 'any' }) readonly anything: unknown;
  @Input({ optional: true }) readonly hint?: string;
  @Input({ default: 'en' }) readonly language?: string;
  @Input({ default: 'en' }) readonly always!: string;
  @Input({ items: String, default: ['a'] }) readonly list?: string[];
  @Input({ items: String, optional: true }) readonly maybeList?: string[];
  @Input({ type: String, nullable: true }) readonly note!: string | null;
  @Input({ type: String, nullable: true, optional: true }) readonly both?: string | null;
  @Output() answer!: string;
  @Output({ oneOf: ['a', 'b'] }) choice!: 'a' | 'b';
  @Output({ oneOf: [1, 2] }) number!: 1 | 2;
  @Output({ oneOf: [1, 'x', true] }) mixed!: 1 | 'x' | true;
  @Output({ oneOf: ['a', 'b'], optional: true }) maybe?: 'a' | 'b';
  @Output({ oneOf: ['a', 'b'], nullable: true }) nullable!: 'a' | 'b' | null;
  @Output({ oneOf: Color }) color!: Color;
  @Output({ oneOf: Level }) level!: Level;
  @Output({ items: { oneOf: Color } }) colors!: Color[];
  @Output() evidence!: Evidence;
  @Output({ type: Evidence }) said!: Evidence;
  @Output({ type: () => Evidence }) later!: Evidence;
  @Output({ items: Evidence }) evidences!: Evidence[];
  @Output({ items: () => Evidence }) laterItems!: Evidence[];
  @Output({ values: Evidence }) byName!: Record<string, Evidence>;
}

expectTypeOf<Extract<ReadonlyKeys<Right>, 'question' | 'hint' | 'answer' | 'maybe'>>().toEqualTypeOf<
  'question' | 'hint'
>();
expectTypeOf<Extract<WritableKeys<Right>, 'question' | 'hint' | 'answer' | 'maybe'>>().toEqualTypeOf<
  'answer' | 'maybe'
>();

class Child extends Right {
  @Output() reasoning!: string;
}
expectTypeOf<Extract<WritableKeys<Child>, 'reasoning' | 'answer'>>().toEqualTypeOf<'reasoning' | 'answer'>();

// every line of this class is refused
class Wrong extends Signature {
  // @ts-expect-error an input that is not readonly
  @Input() forgotten!: string;
  // @ts-expect-error an output that is readonly
  @Output() readonly misplaced!: string;
  // @ts-expect-error a list without items
  @Input() readonly list!: string[];
  // @ts-expect-error a dictionary without values
  @Output() dictionary!: Record<string, number>;
  // @ts-expect-error literals without oneOf
  @Output() literal!: 'a' | 'b';
  // @ts-expect-error an enum without oneOf
  @Output() color!: Color;
  // @ts-expect-error a missing member
  @Output({ oneOf: ['a'] }) lacking!: 'a' | 'b';
  // @ts-expect-error a member too many
  @Output({ oneOf: ['a', 'b', 'c'] }) tooMany!: 'a' | 'b';
  // @ts-expect-error oneOf for a type that is not literal
  @Output({ oneOf: ['a'] }) plain!: string;
  // @ts-expect-error a type that does not fit
  @Output({ type: Number }) mistyped!: string;
  // @ts-expect-error literals described as any text
  @Output({ type: String }) literalAsString!: 'a' | 'b';
  // @ts-expect-error items that do not fit
  @Output({ items: Number }) misitemed!: string[];
  // @ts-expect-error one list too many
  @Output({ items: { items: String } }) tooDeep!: string[];
  // @ts-expect-error a missing member inside a list
  @Output({ items: { oneOf: ['a'] } }) lackingInside!: ('a' | 'b')[];
  // @ts-expect-error items for something that is no list
  @Output({ items: String }) notAList!: string;
  // @ts-expect-error values that do not fit
  @Output({ values: String }) misvalued!: Record<string, number>;
  // @ts-expect-error a nullable type is erased
  @Output() erasedNull!: string | null;
  // @ts-expect-error null is admitted by the type only
  @Output({ type: String }) nullable!: string | null;
  // @ts-expect-error null is admitted by the option only
  @Output({ type: String, nullable: true }) notNullable!: string;
  // @ts-expect-error absence is admitted by the type only
  @Output() optional?: string;
  // @ts-expect-error absence is admitted by the option only
  @Output({ optional: true }) notOptional!: string;
  // @ts-expect-error unions of types are erased
  @Output() union!: string | number;
  // @ts-expect-error unknown is erased
  @Output() unknown: unknown;
  // @ts-expect-error another class
  @Output({ type: Evidence }) otherClass!: Date;
  // @ts-expect-error a default of another type
  @Output({ default: 1 }) badDefault!: string;
  // @ts-expect-error a field that is not public is no part of the signature's type
  @Output() protected secret!: string;
  // @ts-expect-error an unknown option
  @Output({ dsc: 'x' }) typo!: string;
}

// the mistakes read as sentences
type Sentence<K, O, R extends 'input' | 'output' = 'output'> = CheckedField<Wrong, K, O, R>;
expectTypeOf<
  Sentence<'forgotten', object, 'input'>
>().toEqualTypeOf<"an @Input() is readonly: declare 'readonly forgotten'">();
expectTypeOf<
  Sentence<'misplaced', object>
>().toEqualTypeOf<"an @Output() is not readonly: drop 'readonly' from 'misplaced'">();
expectTypeOf<
  Sentence<'list', object, 'input'>
>().toEqualTypeOf<"'list' is a list: say what its items are, for example items: String">();
expectTypeOf<
  Sentence<'dictionary', object>
>().toEqualTypeOf<"'dictionary' is a dictionary: say what its values are, for example values: String">();
expectTypeOf<
  Sentence<'literal', object>
>().toEqualTypeOf<"'literal' is one of some literals: list them, oneOf: [...]">();
expectTypeOf<
  Sentence<'lacking', { readonly oneOf: readonly ['a'] }>
>().toEqualTypeOf<"'oneOf' of 'lacking' lacks 'b'">();
expectTypeOf<
  Sentence<'tooMany', { readonly oneOf: readonly ['a', 'b', 'c'] }>
>().toEqualTypeOf<"'oneOf' of 'tooMany' has 'c', which its declared type has not">();
expectTypeOf<
  Sentence<'mistyped', { readonly type: NumberConstructor }>
>().toEqualTypeOf<"'type' does not describe the declared type of 'mistyped'">();
expectTypeOf<
  Sentence<'optional', object>
>().toEqualTypeOf<"'optional?' may be missing: add 'optional: true' (or a default)">();
expectTypeOf<
  Sentence<'unknown', object>
>().toEqualTypeOf<"'unknown' needs a type, for example type: String: 'unknown' is erased at run time">();

// standard decorators carry the class and the name in their context, and are refused with the same sentences
declare const context: <This, Value, Name extends string>() => ClassFieldDecoratorContext<This, Value> & {
  name: Name;
  static: false;
  private: false;
};
Input({ type: String })(undefined, context<Right, string, 'question'>());
// @ts-expect-error an input that is not readonly
Input({ type: String })(undefined, context<Wrong, string, 'forgotten'>());
// @ts-expect-error a list without items
Input()(undefined, context<Wrong, string[], 'list'>());
