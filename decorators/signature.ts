declare const brand: unique symbol;

/**
 * The base class of signatures: notation only, never instantiated by dspex. A subclass declares what a step takes
 * (`@Input() readonly question!: string`) and gives (`@Output() answer!: string`); readonly means input.
 * Subclasses of a signature inherit its fields and instructions and add their own (DSPy: `Signature`).
 */
export abstract class Signature {
  /** Marks signatures in the type system, so that any other class is refused where a signature is expected. */
  declare private readonly [brand]: true;
}

/** A class that declares a signature. */
export type SignatureClass<T extends Signature = Signature> = abstract new (...args: never[]) => T;
