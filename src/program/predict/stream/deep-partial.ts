import type { CustomType } from '../../../core/signatures/values/custom-type';

/** Values that come whole or not at all. */
type Whole =
  | string
  | number
  | boolean
  | bigint
  | null
  | undefined
  | Date
  | Uint8Array
  | CustomType
  | ReadonlySet<unknown>
  | ((...args: never[]) => unknown);

/** Values while they are being written: every member may still be missing, at any depth; lists may still grow. */
export type DeepPartial<T> = unknown extends T
  ? T
  : T extends Whole
    ? T
    : T extends readonly (infer I)[]
      ? readonly DeepPartial<I>[]
      : T extends object
        ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
        : T;
