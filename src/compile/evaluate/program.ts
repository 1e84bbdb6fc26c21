import type { CallOptions } from '../../program/predict/call-options';

/** Whatever can be called with inputs of the type `I` and gives a `P`: every `Module`. */
export interface Program<I, P> {
  // A property, not a method, so that the compiler compares the inputs strictly.
  readonly call: (inputs: I, options?: CallOptions) => Promise<P>;
}

/** A row of data whose inputs have the type `I`: an `Example` after `withInputs`. */
export interface InputRow<I = unknown> {
  /** Static types only; there is no such property at run time. */
  readonly $inputs: I;
}
