/**
 * The one description of a field's type. The name shown to the LM, the JSON Schema, coercion and validation all read it.
 * The kinds carry the names of Python's types, because prompts show those.
 */
export type TypeSpec =
  | ScalarType
  | ListType
  | DictType
  | TupleType
  | SetType
  | UnionType
  | LiteralType
  | EnumType
  | ModelType
  | CustomTypeSpec;

/**
 * In JavaScript: string, number (`int`: a bigint where a number is not exact), boolean, null; anything for `any` and
 * `object`; `Date` for `datetime`; a `Uint8Array` for `bytes`; text for what JavaScript has no class for: ISO 8601 for
 * `date`, `time` and `timedelta`, exact digits for `decimal`, `3+4j` for `complex`.
 */
export interface ScalarType {
  readonly kind: ScalarKind;
  /** True for an `int` that is a `bigint` whatever its size. */
  readonly big?: boolean;
}

export type ScalarKind =
  | ('str' | 'int' | 'float' | 'bool' | 'none' | 'any' | 'object')
  | ('date' | 'datetime' | 'time' | 'timedelta')
  | ('bytes' | 'decimal' | 'complex' | 'uuid');

/** An array. Without `item` the bare `list`. */
export interface ListType {
  readonly kind: 'list';
  readonly item?: TypeSpec;
  /** Another name for it in prompts, `Sequence` for example. */
  readonly shownAs?: string;
}

/** A plain object with free keys. Without `key` and `value` the bare `dict`. */
export interface DictType {
  readonly kind: 'dict';
  readonly key?: TypeSpec;
  readonly value?: TypeSpec;
  /** Another name for it in prompts, `Mapping` for example. */
  readonly shownAs?: string;
}

/**
 * An array of fixed length, or with `variadic` of any length of the first item's type. Variadic and without items it is the
 * bare `tuple`.
 */
export interface TupleType {
  readonly kind: 'tuple';
  readonly items: readonly TypeSpec[];
  readonly variadic?: boolean;
}

/** An array without repetitions. */
export interface SetType {
  readonly kind: 'set' | 'frozenset';
  readonly item?: TypeSpec;
}

/** One of several types, tried in order. An optional type is a union whose last option is `none`. */
export interface UnionType {
  readonly kind: 'union';
  readonly options: readonly TypeSpec[];
  /** The field, a literal in every option, whose value says which class an object is. */
  readonly discriminator?: string;
}

export type LiteralValue = string | number | boolean | null;

/** One of these very values. */
export interface LiteralType {
  readonly kind: 'literal';
  readonly values: readonly LiteralValue[];
}

/** One of these values, each with a name. */
export interface EnumType {
  readonly kind: 'enum';
  readonly name: string;
  readonly members: readonly { readonly name: string; readonly value: string | number }[];
}

/** A nested class. `fields` may be a getter, so that a class can contain itself. */
export interface ModelType {
  readonly kind: 'model';
  readonly name: string;
  readonly doc?: string;
  readonly fields: readonly ModelField[];
  /** What becomes of members that are no fields: default, they are dropped. */
  readonly extra?: 'forbid' | 'allow';
  /** Which of Python's other records it is; BAML's notation tells them by name only. */
  readonly record?: 'typeddict' | 'dataclass';
  /** True when a field with an alias is also known by its own name. */
  readonly populateByName?: boolean;
  /** The class to make instances of; without it values are plain objects. */
  readonly construct?: new () => object;
}

export interface ModelField {
  readonly name: string;
  readonly type: TypeSpec;
  readonly desc?: string;
  readonly constraints?: readonly Constraint[];
  readonly default?: { readonly value: unknown };
  /** The name in answers and JSON Schemas, where it is another; prompts show values under `name`. */
  readonly alias?: string;
  /** False when the field may be missing, and then is no property. */
  readonly required?: false;
  /** True for `x?: T` of a class: a value that is missing or null is no property at all. */
  readonly omitted?: boolean;
}

/** A type with a form of its own in prompts: an image, code, a conversation. */
export interface CustomTypeSpec {
  readonly kind: 'custom';
  readonly behaviour: CustomBehaviour;
}

/** All that prompts and parsers need to know of a custom type. Values know their own form (`CustomType.format`). */
export interface CustomBehaviour {
  /** The name in prompts and schemas. */
  readonly name: string;
  /** The name beside fields, where it is another; the title in schemas stays `name`. */
  readonly shownAs?: string;
  /** A line below the field; empty for none. */
  readonly description: string;
  /** What the values look like as JSON; without it and `schema` the type cannot be an output. */
  readonly shape: ModelType | undefined;
  /** The JSON Schema, where there is no shape. */
  readonly schema?: Readonly<Record<string, unknown>> | undefined;
  /** True when a JSON object with further members is no value. */
  readonly closed?: boolean;
  /** Read from the raw text too where it stands in a union and is no value as JSON. */
  readonly textToo?: boolean;
  /** Answered as plain text: nothing is said about a schema. */
  readonly plainText?: boolean;
  /** What reminders say about the form of an answer, in place of the type's name. */
  readonly hint?: string;
  /** Which feature of models or adapters takes the place of text, when there is one. */
  readonly native?: 'history' | 'tool' | 'tool-calls' | 'reasoning' | 'citations';
  /** The value that JSON or text stands for. Throws `ValueParseError`. */
  parse(given: unknown): unknown;
}

/** A bound on a value, under pydantic's name; shown to the LM and put in the JSON Schema. */
export interface Constraint {
  readonly name: 'gt' | 'ge' | 'lt' | 'le' | 'min_length' | 'max_length' | 'multiple_of' | 'pattern' | 'allow_inf_nan';
  readonly value: number | string | boolean;
}

export const STR: ScalarType = Object.freeze({ kind: 'str' });
export const INT: ScalarType = Object.freeze({ kind: 'int' });
export const FLOAT: ScalarType = Object.freeze({ kind: 'float' });
export const BOOL: ScalarType = Object.freeze({ kind: 'bool' });
export const NONE: ScalarType = Object.freeze({ kind: 'none' });
export const ANY: ScalarType = Object.freeze({ kind: 'any' });

/** The union of these types, flat and without repetitions, as Python's `Union`; of a single type, that type. */
export function unionType(types: readonly TypeSpec[]): TypeSpec {
  const flat = types.flatMap((type) => (type.kind === 'union' ? type.options : [type]));
  const options = [...new Map(flat.map((type) => [typeText(type), type])).values()];
  return options.length === 1 ? (options[0] as TypeSpec) : { kind: 'union', options };
}

/** Structural equality. Nested classes are equal when they are the same class, or alike in name and fields. */
export function sameType(left: TypeSpec, right: TypeSpec): boolean {
  return left === right || typeText(left) === typeText(right);
}

/** A text that two types share exactly when they are equal; a nested class that contains itself is named only once. */
function typeText(type: TypeSpec): string {
  const seen = new Set<unknown>();
  return JSON.stringify(type, (_key, value: unknown) => {
    if (typeof value !== 'object' || value === null || !('kind' in value)) return value;
    if (value.kind === 'custom') return { ...value, behaviour: factsOf(value as CustomTypeSpec) };
    if (value.kind !== 'model') return value;
    const { name, doc, fields, extra, construct } = value as ModelType;
    if (seen.has(construct ?? value)) return { again: name };
    seen.add(construct ?? value);
    return { kind: 'model', name, doc, fields, extra };
  });
}

function factsOf({ behaviour: { name, shownAs, schema } }: CustomTypeSpec): object {
  return { name, shownAs, schema };
}

/** `type | None`; a type that already admits none stays as it is. */
export function optionalType(type: TypeSpec): TypeSpec {
  if (admitsNone(type)) return type;
  return { kind: 'union', options: [...(type.kind === 'union' ? type.options : [type]), NONE] };
}

/** True when `null` is a value of the type. */
export function admitsNone(type: TypeSpec): boolean {
  if (type.kind === 'union') return type.options.some(admitsNone);
  if (type.kind === 'literal') return type.values.includes(null);
  return type.kind === 'none' || type.kind === 'any' || type.kind === 'object';
}
