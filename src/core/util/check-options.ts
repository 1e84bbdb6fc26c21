import { InvalidOptionError, UnknownOptionError } from '../errors/option-errors';

/** Throws `UnknownOptionError` for the first option that is not among `known`. */
export function checkOptions(owner: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined) throw new UnknownOptionError(owner, unknown, known);
}

/** The number itself, when it is a whole number of at least `minimum`; else throws `InvalidOptionError`. */
export function wholeNumber(owner: string, option: string, value: number, minimum: number): number {
  if (Number.isSafeInteger(value) && value >= minimum) return value;
  throw new InvalidOptionError(owner, option, value, `a whole number of at least ${minimum}`);
}
