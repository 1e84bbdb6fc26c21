import type { SaysType } from '../../../decorators/checked-field';
import type { ReadonlyKeys, WritableKeys } from '../../../decorators/readonly-keys';
import type { Signature, SignatureClass } from '../../../decorators/signature';
import type { StandardSchema } from '../../../decorators/standard-schema';
import type { ValueOf } from '../../../decorators/value-of';
import type { SignatureSpec } from './signature-spec';
import type { CheckedString, Loose, StringInputs, StringOutputs } from './strings/infer-string';

/** Everything that can be read as a signature: `'question -> answer'`, a class that extends `Signature`, or a spec. */
export type SignatureLike = string | SignatureClass | SignatureSpec<unknown, unknown>;

type IsAny<T> = 0 extends 1 & T ? true : false;
type Simplify<T> = { [K in keyof T]: T[K] } & {};
type Known<T> = unknown extends T ? Loose : T;
type ClassInputs<T> = [keyof T] extends [never]
  ? Loose
  : Simplify<{ -readonly [K in keyof Pick<T, ReadonlyKeys<T>>]: T[K] }>;
type ClassOutputs<T> = [keyof T] extends [never] ? Loose : Simplify<Pick<T, WritableKeys<T>>>;

/** The inputs of a signature as a plain object type: of a class (or its instance type), a string literal, or a spec. */
export type InputsOf<S> =
  IsAny<S> extends true
    ? Loose
    : S extends SignatureSpec<infer I, unknown>
      ? Known<I>
      : S extends string
        ? StringInputs<S>
        : S extends SignatureClass<infer T>
          ? ClassInputs<T>
          : S extends Signature
            ? ClassInputs<S>
            : never;

/** The outputs of a signature as a plain object type: of a class (or its instance type), a string literal, or a spec. */
export type OutputsOf<S> =
  IsAny<S> extends true
    ? Loose
    : S extends SignatureSpec<unknown, infer O>
      ? Known<O>
      : S extends string
        ? StringOutputs<S>
        : S extends SignatureClass<infer T>
          ? ClassOutputs<T>
          : S extends Signature
            ? ClassOutputs<S>
            : never;

type FieldValue<N> = N extends null
  ? string
  : N extends
        | string
        | { readonly kind: string }
        | ((...args: never[]) => unknown)
        | (abstract new (
            ...args: never[]
          ) => unknown)
    ? ValueOf<N>
    : N extends StandardSchema<unknown, unknown>
      ? ValueOf<N>
      : (SaysType<N> extends true ? ValueOf<N> : string) | Absence<N>;
type Absence<N> = N extends { readonly optional: true } | { readonly nullable: true } ? null : never;

/** The values of fields given as objects: types, or options as decorators take them; text where no type is said. */
export type FieldsOf<F> = Simplify<{ -readonly [K in keyof F]: FieldValue<F[K]> }>;

/**
 * The type of a parameter that takes a signature: a string literal that cannot be right becomes a sentence.
 * Write `constructor(signature: CheckedSignature<S>)` with `<const S extends SignatureLike>`.
 */
export type CheckedSignature<S extends SignatureLike> = S extends string ? CheckedString<S> : S;
