/** A class whose values go into a field: one decorated with the same `@Input` and `@Output`. */
export type NestedClass<V = object> = abstract new (...args: never[]) => V;

/** The types that have a word: JavaScript's constructors, or DSPy's names where JavaScript does not distinguish. */
export type ScalarNotation =
  | StringConstructor
  | NumberConstructor
  | BooleanConstructor
  | DateConstructor
  | 'str'
  | 'int'
  | 'float'
  | 'bool'
  /** A day as ISO text, `2026-05-17`; the declared type is `string`. */
  | 'date'
  | 'datetime'
  /** Any JSON value; the declared type is `unknown`. */
  | 'any';

export type LiteralNotation = string | number | boolean;

/** A TypeScript `enum`, or a constant object that serves as one. Its values count; the names are not shown to the LM. */
export type EnumNotation = Readonly<Record<string, string | number>>;

/** How the type of a value is said at run time, where `design:type` cannot say it. */
export type TypeNotation = ScalarNotation | NestedClass | (() => NestedClass) | TypeOptions;

/** Says a type in one of four ways; they exclude one another. */
export interface TypeOptions {
  /** The type of a value: `String`, `'int'`, a class, or `() => Class` for a class that is declared later or contains itself. */
  readonly type?: TypeNotation | undefined;
  /** The value is an array; this is the type of its items. Lists of lists: `items: { items: String }`. */
  readonly items?: TypeNotation | undefined;
  /** The value is a plain object with string keys; this is the type of its values. */
  readonly values?: TypeNotation | undefined;
  /** The value is one of these literals, or a value of this enum. */
  readonly oneOf?: readonly LiteralNotation[] | EnumNotation | undefined;
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
  'oneOf',
  'optional',
  'nullable',
  'default',
  'desc',
  'prefix',
] as const satisfies readonly (keyof FieldOptions)[];
