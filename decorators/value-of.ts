import type { EnumNotation, NamedEnumNotation } from './field-options';
import type { SchemaOutput, StandardSchema } from './standard-schema';

/** The members that `oneOf: E` allows. */
export type MembersOf<E> = E extends readonly (infer M)[]
  ? M
  : E extends EnumNotation
    ? E[keyof E]
    : E extends NamedEnumNotation
      ? E[keyof E][keyof E[keyof E]]
      : never;

/** Texts that have a word of their own, because only a program tells them from other texts. */
export type TextWord = 'str' | 'date' | 'time' | 'timedelta' | 'decimal' | 'uuid';

/** The values of a type as options of fields say it: `ValueOf<{ items: StringConstructor }>` is `string[]`. */
export type ValueOf<N> = N extends StringConstructor | TextWord
  ? string
  : N extends NumberConstructor | 'int' | 'float'
    ? number
    : N extends BooleanConstructor | 'bool'
      ? boolean
      : N extends DateConstructor | 'datetime'
        ? Date
        : N extends BigIntConstructor | 'bigint'
          ? bigint
          : N extends Uint8ArrayConstructor | 'bytes'
            ? Uint8Array
            : N extends 'any'
              ? unknown
              : N extends StandardSchema<unknown, unknown>
                ? SchemaOutput<N>
                : OptionsValue<N>;

type OptionsValue<N> = N extends { readonly kind: string }
  ? unknown
  : N extends { readonly schema: infer S }
    ? SchemaOutput<S>
    : N extends { readonly oneOf: infer E }
      ? MembersOf<E>
      : N extends { readonly anyOf: readonly (infer T)[] }
        ? ValueOf<T>
        : N extends { readonly items: infer I } | { readonly set: infer I }
          ? ValueOf<I>[]
          : N extends { readonly tuple: infer T }
            ? { -readonly [I in keyof T]: ValueOf<T[I]> }
            : N extends { readonly values: infer I }
              ? Record<string, ValueOf<I>>
              : N extends abstract new (
                    ...args: never[]
                  ) => infer V
                ? V
                : N extends { readonly type: infer T } | (() => infer T)
                  ? ValueOf<T>
                  : unknown;
