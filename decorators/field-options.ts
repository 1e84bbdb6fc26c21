import type { StandardSchema } from './standard-schema';

/** A class whose values go into a field: one decorated with the same `@Input` and `@Output`. */
export type NestedClass<V = object> = abstract new (...args: never[]) => V;

/** The types that have a word: JavaScript's constructors, or DSPy's names where JavaScript does not distinguish. */
export type ScalarNotation =
  | StringConstructor
  | NumberConstructor
  | BooleanConstructor
  | DateConstructor
  | BigIntConstructor
  | Uint8ArrayConstructor
  | 'str'
  | 'int'
  | 'float'
  | 'bool'
  /** A day as ISO text, `2026-05-17`; the declared type is `string`. */
  | 'date'
  | 'datetime'
  /** A time of day as ISO text, `13:14:15`; the declared type is `string`. */
  | 'time'
  /** A length of time as ISO text, `PT1H30M`; the declared type is `string`. */
  | 'timedelta'
  /** A decimal number with all its digits, as text; the declared type is `string`. */
  | 'decimal'
  /** The declared type is `string`. */
  | 'uuid'
  /** A whole number of any size; the declared type is `bigint`. */
  | 'bigint'
  /** The bytes of a text in UTF-8; the declared type is `Uint8Array`. */
  | 'bytes'
  /** Any JSON value; the declared type is `unknown`. */
  | 'any';

export type LiteralNotation = string | number | boolean;

/** A TypeScript `enum`, or a constant object that serves as one. Its values count; the names are not shown to the LM. */
export type EnumNotation = Readonly<Record<string, string | number>>;

/** A TypeScript `enum` with the name the LM is shown, as a shorthand property: `{ Color }`. Answers may also name members. */
export type NamedEnumNotation = Readonly<Record<string, EnumNotation>>;

/** How the type of a value is said at run time, where `design:type` cannot say it. */
export type TypeNotation = ScalarNotation | NestedClass | (() => NestedClass) | StandardSchema | TypeOptions;

/** Says a type in one of these ways; they exclude one another. */
export interface TypeOptions {
  /** The type of a value: `String`, `'int'`, a class, or `() => Class` for a class that is declared later or contains itself. */
  readonly type?: TypeNotation | undefined;
  /** The value is an array; this is the type of its items. Lists of lists: `items: { items: String }`. */
  readonly items?: TypeNotation | undefined;
  /** The value is a plain object with string keys; this is the type of its values. */
  readonly values?: TypeNotation | undefined;
  /** The value is an array without repetitions; this is the type of its items. */
  readonly set?: TypeNotation | undefined;
  /** The value is an array with these items, each of its own type. */
  readonly tuple?: readonly TypeNotation[] | undefined;
  /** The value is one of these literals, or a value of this enum: `oneOf: Color`; `oneOf: { Color }` tells its name too. */
  readonly oneOf?: readonly LiteralNotation[] | EnumNotation | NamedEnumNotation | undefined;
  /** The value is of one of these types: `anyOf: [Dog, Cat]`. The one that fits an answer best is taken. */
  readonly anyOf?: readonly TypeNotation[] | undefined;
  /** With `anyOf`: the property, a literal in each class, that says which class an answer is. */
  readonly discriminator?: string | undefined;
  /** The value is what this schema of Zod, Valibot, ArkType or another Standard Schema library gives. */
  readonly schema?: StandardSchema | undefined;
}

/** What `@Input` and `@Output` take. */
export interface FieldOptions extends TypeOptions {
  /** The value may be missing; declare the property `x?: T`. What the LM leaves out is `undefined`. */
  readonly optional?: boolean | undefined;
  /** The value may be `null`; declare the property `x: T | null`. With `optional` too, what is missing is `null`. */
  readonly nullable?: boolean | undefined;
  /** Used when an input is not given or an output not answered. Treat it as constant. */
  readonly default?: unknown;
  /** Shown to the LM beside the field's name. */
  readonly desc?: string | undefined;
  /** Label of the field in saved programs; no prompt shows it. Default: the name in words, `Some Name:`. */
  readonly prefix?: string | undefined;
}

/** The names of the options, for checks. */
export const FIELD_OPTION_NAMES = [
  'type',
  'items',
  'values',
  'set',
  'tuple',
  'oneOf',
  'anyOf',
  'discriminator',
  'schema',
  'optional',
  'nullable',
  'default',
  'desc',
  'prefix',
] as const satisfies readonly (keyof FieldOptions)[];
