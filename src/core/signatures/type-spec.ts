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
  | ModelType;

/** In JavaScript: string, number (integral), number, boolean, null, anything; Date for `datetime`, ISO text for `date`. */
export interface ScalarType {
  readonly kind: 'str' | 'int' | 'float' | 'bool' | 'none' | 'any' | 'date' | 'datetime';
}

/** An array. Without `item` the bare `list`. */
export interface ListType {
  readonly kind: 'list';
  readonly item?: TypeSpec;
}

/** A plain object with free keys. Without `key` and `value` the bare `dict`. */
export interface DictType {
  readonly kind: 'dict';
  readonly key?: TypeSpec;
  readonly value?: TypeSpec;
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
  readonly kind: 'set';
  readonly item?: TypeSpec;
}

/** One of several types, tried in order. An optional type is a union whose last option is `none`. */
export interface UnionType {
  readonly kind: 'union';
  readonly options: readonly TypeSpec[];
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
  /** The class to make instances of; without it values are plain objects. */
  readonly construct?: new () => object;
}

export interface ModelField {
  readonly name: string;
  readonly type: TypeSpec;
  readonly desc?: string;
  readonly constraints?: readonly Constraint[];
  readonly default?: { readonly value: unknown };
  /** True for `x?: T` of a class: a value that is missing or null is no property at all. */
  readonly omitted?: boolean;
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
    if (typeof value !== 'object' || value === null || !('kind' in value) || value.kind !== 'model') return value;
    const { name, doc, fields, construct } = value as ModelType;
    if (seen.has(construct ?? value)) return { again: name };
    seen.add(construct ?? value);
    return { kind: 'model', name, doc, fields };
  });
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
  return type.kind === 'none' || type.kind === 'any';
}
