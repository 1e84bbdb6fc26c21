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

const SHOWN_BEFORE_CARET = 60;
const SHOWN_AFTER_CARET = 40;

/** A string signature, or a type inside it, cannot be read. The message points at the place. */
export class SignatureSyntaxError extends DspexError {
  readonly code = 'SIGNATURE_SYNTAX';
  /** Where the problem is, in characters from the start of the text; the first is 0. */
  readonly offset: number;

  constructor(text: string, offset: number, problem: string) {
    const before = text.slice(0, offset).split('\n');
    const column = (before.at(-1) ?? '').length;
    const line = text.split('\n', before.length).at(-1) ?? '';
    const start = Math.max(0, column - SHOWN_BEFORE_CARET);
    const shown = line.slice(start, column + SHOWN_AFTER_CARET).replaceAll('\t', ' ');
    const place = before.length === 1 ? `column ${column + 1}` : `line ${before.length}, column ${column + 1}`;
    super(`This string is not a signature: ${problem} (${place}).\n  ${shown}\n  ${' '.repeat(column - start)}^`);
    this.offset = offset;
  }
}

/** A decorated field has no type that can be known at run time. */
export class MissingFieldTypeError extends DspexError {
  readonly code = 'MISSING_FIELD_TYPE';

  constructor(owner: string, field: string, cause: string, remedy: string) {
    super(`${owner}.${field}: its type is not known at run time: ${cause}. ${remedy}`);
  }
}

/** A decorated field has a type that no language model can be asked for. */
export class UnsupportedFieldTypeError extends DspexError {
  readonly code = 'UNSUPPORTED_FIELD_TYPE';

  constructor(owner: string, field: string, type: string, remedy: string) {
    super(
      `${owner}.${field}: values of the type ${type} cannot be put into a prompt or read from an answer. ${remedy}`,
    );
  }
}

/** A field says two things that cannot both be true. */
export class FieldOptionConflictError extends DspexError {
  readonly code = 'FIELD_OPTION_CONFLICT';

  constructor(owner: string, field: string, problem: string) {
    super(`${owner}.${field}: ${problem}.`);
  }
}

/** A field is declared twice in one class: as input and as output, or with two decorators of one kind. */
export class FieldRoleConflictError extends DspexError {
  readonly code = 'FIELD_ROLE_CONFLICT';

  constructor(owner: string, field: string, roles: readonly [string, string]) {
    super(
      `${owner}.${field} is declared twice, as @${roles[0]}() and as @${roles[1]}(). Keep one: @Input() with readonly, @Output() without.`,
    );
  }
}

/** A class was given as a signature but declares no field. */
export class EmptySignatureError extends DspexError {
  readonly code = 'EMPTY_SIGNATURE';

  constructor(owner: string) {
    super(
      `${owner} declares no field. Decorate its properties: '@Input() readonly question!: string' for what goes in, ` +
        `'@Output() answer!: string' for what comes out.`,
    );
  }
}

/** Something was given as a signature that is none. */
export class NotASignatureError extends DspexError {
  readonly code = 'NOT_A_SIGNATURE';

  constructor(given: string) {
    super(
      `A signature is a string such as 'question -> answer', a class that extends Signature, or a SignatureSpec; ` +
        `${given} is none of these.`,
    );
  }
}

/** A type whose values have no JSON form, a tool for example, is asked for as an output. */
export class NoJsonSchemaError extends DspexError {
  readonly code = 'NO_JSON_SCHEMA';

  constructor(type: string) {
    super(
      `'${type}' has no JSON Schema, so a model cannot answer it. Make it an input, or give its class decorated ` +
        'properties or a static jsonSchema().',
    );
  }
}

/** A schema of Zod, Valibot or the like validates asynchronously. */
export class AsyncSchemaError extends DspexError {
  readonly code = 'ASYNC_SCHEMA';

  constructor(vendor: string) {
    super(
      `A schema of ${vendor} validates asynchronously, so an answer cannot be read with it. Take the asynchronous ` +
        'refinement or transformation out of the schema, and do that work after the call.',
    );
  }
}
