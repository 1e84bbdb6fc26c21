import { DspexError, type DspexErrorOptions } from './dspex-error';

/** A text that should be JSON is not, or is larger or deeper than allowed. */
export class JsonParseError extends DspexError {
  readonly code = 'JSON_PARSE';

  constructor(problem: string, options: DspexErrorOptions = {}) {
    super(`The text could not be read as JSON: ${problem}.`, options);
  }
}
