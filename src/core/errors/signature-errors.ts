import { DspexError } from './dspex-error';

/** A field was named that the signature does not have. */
export class FieldNotFoundError extends DspexError {
  readonly code = 'FIELD_NOT_FOUND';

  constructor(signature: string, field: string) {
    super(`The signature '${signature}' has no field '${field}'. Name one of its fields.`);
  }
}

/** A field was to be inserted at a place its side does not have. */
export class InvalidFieldIndexError extends DspexError {
  readonly code = 'INVALID_FIELD_INDEX';

  constructor(signature: string, field: string, index: number, length: number) {
    super(
      `The field '${field}' cannot be inserted at ${index} into '${signature}': ` +
        `its side takes whole numbers from ${-length - 1} to ${length}.`,
    );
  }
}
