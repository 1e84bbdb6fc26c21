/** Two types are the same, `readonly` included: both conditional functions are only assignable when `X` and `Y` are identical. */
type Same<X, Y> = (<G>() => G extends X ? 1 : 2) extends <G>() => G extends Y ? 1 : 2 ? true : false;

/** True when the property `K` of `T` is declared `readonly`. */
export type IsReadonly<T, K extends keyof T> = Same<{ [P in K]: T[P] }, { readonly [P in K]: T[P] }>;

/** The names of the properties of `T` that are declared `readonly`: the inputs of a signature class. */
export type ReadonlyKeys<T> = { [K in keyof T]-?: IsReadonly<T, K> extends true ? K : never }[keyof T];

/** The names of the properties of `T` that may be written, methods left out: the outputs of a signature class. */
export type WritableKeys<T> = {
  [K in keyof T]-?: T[K] extends (...args: never[]) => unknown ? never : IsReadonly<T, K> extends true ? never : K;
}[keyof T];
