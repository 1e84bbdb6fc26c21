import { DspexError } from './dspex-error';

/** An option was given that nothing reads, usually a misspelling. */
export class UnknownOptionError extends DspexError {
  readonly code = 'UNKNOWN_OPTION';

  constructor(owner: string, option: string, known: readonly string[]) {
    super(`${owner} has no option '${option}'. Its options are: ${known.join(', ')}.`);
  }
}

/** An option has a value that it cannot have. */
export class InvalidOptionError extends DspexError {
  readonly code = 'INVALID_OPTION';

  constructor(owner: string, option: string, value: unknown, expected: string) {
    const shown = typeof value === 'string' ? `'${value}'` : String(value);
    super(`${owner}: the option '${option}' is ${shown} (${typeof value}); it must be ${expected}.`);
  }
}
