/** What every error of dspex carries beside its message. */
export interface DspexErrorOptions {
  /** The error underneath, when there is one. */
  readonly cause?: unknown;
}

/**
 * The base of every error that dspex throws on purpose: one subclass per way to be wrong, named after the mistake.
 * The message says class, field, offending value and remedy; `code` is stable and safe to switch on.
 */
export abstract class DspexError extends Error {
  /** Stable identifier, for example `MISSING_FIELD_TYPE`. */
  abstract readonly code: string;

  constructor(message: string, options: DspexErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
  }
}
