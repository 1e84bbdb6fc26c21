import { type Declarer, setInstructions } from './metadata';

/**
 * Says what the step shall do: `@Instructions('Answer from the passages.') class QA extends Signature { ... }`.
 * A subclass without instructions inherits them. Indentation that all lines share is removed when the class is read.
 * (DSPy: the docstring of a signature class.)
 */
export function Instructions(text: string): (target: Declarer, context?: unknown) => void {
  return (target) => setInstructions(target, text);
}

/** Sets the instructions of a class: what `@Instructions` does, for plain JavaScript. */
export function declareInstructions(declarer: Declarer, text: string): void {
  setInstructions(declarer, text);
}
