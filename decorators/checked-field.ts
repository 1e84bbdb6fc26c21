import type { NestedClass } from './field-options';
import type { IsReadonly } from './readonly-keys';
import type { SchemaOutput } from './standard-schema';
import type { MembersOf, TextWord, ValueOf } from './value-of';

/**
 * Checks a decorated property against its options at compile time. A property that passes gives its own name; any other
 * gives a sentence, which the compiler prints as the type that the name "is not assignable to".
 */

type Role = 'input' | 'output';
type Present<V> = Exclude<V, null | undefined>;
type IsAny<V> = 0 extends 1 & V ? true : false;
/** Any JSON value: `unknown` or `any`. */
type IsOpen<V> = unknown extends V ? true : false;
type IsUnion<V, U = V> = V extends unknown ? ([U] extends [V] ? false : true) : never;
type IsLiteral<V> = [V] extends [string]
  ? string extends V
    ? false
    : true
  : [V] extends [number]
    ? number extends V
      ? false
      : true
    : false;
type IsDictionary<V> = V extends object ? (string extends keyof V ? true : false) : false;

/** What `type:` may be for a value declared as `V`. */
export type TypeNotationFor<V> =
  IsOpen<V> extends true
    ? 'any'
    : [V] extends [string]
      ? StringConstructor | TextWord
      : [V] extends [number]
        ? NumberConstructor | 'int' | 'float'
        : [V] extends [boolean]
          ? BooleanConstructor | 'bool'
          : [V] extends [bigint]
            ? BigIntConstructor | 'bigint'
            : [V] extends [Date]
              ? DateConstructor | 'datetime'
              : [V] extends [readonly unknown[]]
                ? never
                : [V] extends [Uint8Array]
                  ? Uint8ArrayConstructor | 'bytes'
                  : NestedClass<V> | (() => NestedClass<V>);

type Same<A, B> = [A] extends [B] ? ([B] extends [A] ? true : false) : false;

/** True when the options, or the type said in short, describe `V`. */
type Describes<O, V> = O extends { readonly oneOf: infer E }
  ? OneOfSentence<E, V, ''> extends never
    ? true
    : false
  : O extends { readonly anyOf: unknown } | { readonly tuple: unknown }
    ? Same<ValueOf<O>, V>
    : O extends { readonly schema: infer S }
      ? [SchemaOutput<S>] extends [V]
        ? true
        : false
      : O extends { readonly items: infer I } | { readonly set: infer I }
        ? [V] extends [readonly (infer E)[]]
          ? Describes<I, E>
          : false
        : O extends { readonly values: infer I }
          ? IsDictionary<V> extends true
            ? Describes<I, V[keyof V]>
            : false
          : O extends { readonly type: infer T }
            ? Describes<T, V>
            : O extends TypeNotationFor<V>
              ? IsLiteral<V> extends true
                ? false
                : true
              : false;

type OneOfSentence<E, V, K extends string> = [MembersOf<E>] extends [V]
  ? [V] extends [MembersOf<E>]
    ? never
    : `'oneOf' of '${K}' lacks ${Spelled<Exclude<V, MembersOf<E>>>}`
  : `'oneOf' of '${K}' has ${Spelled<Exclude<MembersOf<E>, V>>}, which its declared type has not`;
type Spelled<V> = V extends string | number | boolean ? `'${V}'` : 'another value';

/** True when options say a type. */
export type SaysType<O> = O extends
  | { readonly type: unknown }
  | { readonly items: unknown }
  | { readonly values: unknown }
  | { readonly set: unknown }
  | { readonly tuple: unknown }
  | { readonly oneOf: unknown }
  | { readonly anyOf: unknown }
  | { readonly schema: unknown }
  ? true
  : false;

type RoleSentence<S, K extends string & keyof S, R extends Role> = [R, IsReadonly<S, K>] extends ['input', false]
  ? `an @Input() is readonly: declare 'readonly ${K}'`
  : [R, IsReadonly<S, K>] extends ['output', true]
    ? `an @Output() is not readonly: drop 'readonly' from '${K}'`
    : never;

type IsOptionalKey<S, K extends keyof S> = Record<never, never> extends Pick<S, K> ? true : false;
type Admits<V, N> = IsOpen<V> extends true ? false : [N] extends [V] ? true : false;

type AbsenceSentence<S, K extends string & keyof S, O> =
  IsOptionalKey<S, K> extends true
    ? O extends { readonly optional: true } | { readonly default: unknown }
      ? Admits<S[K], null> extends true
        ? NullSentence<S, K, O>
        : never
      : `'${K}?' may be missing: add 'optional: true' (or a default)`
    : O extends { readonly optional: true }
      ? Admits<S[K], undefined> extends true
        ? never
        : `'optional: true' needs '${K}?:' in the declaration`
      : NullSentence<S, K, O>;

type NullSentence<S, K extends string & keyof S, O> =
  Admits<S[K], null> extends true
    ? O extends { readonly nullable: true } | { readonly schema: unknown }
      ? never
      : `'${K}' may be null: add 'nullable: true'`
    : O extends { readonly nullable: true }
      ? IsOpen<S[K]> extends true
        ? never
        : `'nullable: true' needs '| null' in the type of '${K}'`
      : never;

/** What is wrong with a field that says its type. */
type SaidSentence<V, K extends string, O> = O extends { readonly oneOf: infer E }
  ? IsLiteral<V> extends true
    ? OneOfSentence<E, V, K>
    : [V] extends [boolean]
      ? OneOfSentence<E, V, K>
      : IsUnion<V> extends true
        ? OneOfSentence<E, V, K>
        : `'oneOf' is for literal types; '${K}' is declared as something else`
  : Describes<O, V> extends true
    ? never
    : O extends { readonly items: unknown }
      ? `'items' does not describe the items of '${K}'`
      : O extends { readonly values: unknown }
        ? `'values' does not describe the values of '${K}'`
        : `'${SaidBy<O>}' does not describe the declared type of '${K}'`;

type SaidBy<O> = Extract<keyof O, 'type' | 'set' | 'tuple' | 'anyOf' | 'schema'>;

/** What is wrong with a field that leaves its type to `design:type`. `V` is what was declared, less `?`. */
type ReflectedSentence<V, K extends string> =
  IsOpen<V> extends true
    ? `'${K}' needs a type, for example type: String: '${IsAny<V> extends true ? 'any' : 'unknown'}' is erased at run time`
    : [Present<V>] extends [readonly unknown[]]
      ? `'${K}' is a list: say what its items are, for example items: String`
      : IsLiteral<Present<V>> extends true
        ? `'${K}' is one of some literals: list them, oneOf: [...]`
        : [Present<V>] extends [boolean]
          ? Erased<V, K>
          : IsDictionary<Present<V>> extends true
            ? `'${K}' is a dictionary: say what its values are, for example values: String`
            : Erased<V, K>;

type Erased<V, K extends string> = [null] extends [V]
  ? `'${K}' needs a type, for example type: String: 'T | null' is erased at run time`
  : [undefined] extends [V]
    ? `'${K}' needs a type, for example type: String: 'T | undefined' is erased at run time`
    : [V] extends [boolean]
      ? never
      : IsUnion<V> extends true
        ? `'${K}' is a union of types, which is erased at run time: say anyOf: [...], or literals with oneOf`
        : never;

/** What the declared type of `x?: T` is reflected as. */
type Declared<S, K extends keyof S> = IsOptionalKey<S, K> extends true ? Exclude<S[K], undefined> : S[K];

type DefaultSentence<V, K extends string, O> = O extends { readonly default: infer D }
  ? [D] extends [V]
    ? never
    : [V] extends [readonly (infer E)[]]
      ? [D] extends [readonly E[]]
        ? never
        : `the default does not fit the type of '${K}'`
      : `the default does not fit the type of '${K}'`
  : never;

/** A schema speaks of null itself. */
type Said<V, O> = O extends { readonly schema: unknown } ? Exclude<V, undefined> : Present<V>;

type TypeSentence<S, K extends string & keyof S, O> =
  SaysType<O> extends true ? SaidSentence<Said<S[K], O>, K, O> : ReflectedSentence<Declared<S, K>, K>;

type FirstOf<A, B, C, D> = [A] extends [never] ? ([B] extends [never] ? ([C] extends [never] ? D : C) : B) : A;

/** `K` when the property `K` of `S` fits its role and options, else a sentence. */
export type CheckedField<S, K, O, R extends Role> = S extends abstract new (
  ...args: never[]
) => unknown
  ? `'${K & string}' is static: a field of a signature belongs to its instances`
  : K extends string & keyof S
    ? FirstOf<
        RoleSentence<S, K, R>,
        TypeSentence<S, K, O>,
        AbsenceSentence<S, K, O>,
        DefaultSentence<Declared<S, K>, K, O>
      > extends infer Sentence
      ? [Sentence] extends [never]
        ? K
        : Sentence
      : never
    : `'${K & string}' is not public: a field of a signature is`;

/** A decorator for a property of role `R` with options `O`, under `experimentalDecorators` and as a standard decorator. */
export type FieldDecorator<O, R extends Role> = <T, C>(
  target: T,
  key: C extends { readonly kind: 'field'; readonly name: infer K; readonly access: { get(object: infer S): unknown } }
    ? CheckedField<S, K, O, R> extends K
      ? C
      : { readonly name: CheckedField<S, K, O, R> }
    : CheckedField<T, C, O, R> & (C | string),
) => void;
