import type { TypeNotation } from '../../../decorators/field-options';
import type { ValueOf } from '../../../decorators/value-of';
import { checkOptions } from '../util/check-options';
import { type FieldNotations, readFields, readTypes } from './classes/read-fields';
import type { FieldsOf } from './infer';
import { SignatureSpec } from './signature-spec';
import type { CheckedString, StringInputs, StringOutputs } from './strings/infer-string';
import { parseString } from './strings/parse-string';
import type { TypeSpec } from './type-spec';

/** Types by the names that a signature string calls them. */
export type SignatureTypes = Readonly<Record<string, TypeNotation | TypeSpec>>;

type TypesOf<T> = string extends keyof T ? object : { [K in keyof T]: ValueOf<T[K]> };

export interface SignatureOptions<T = SignatureTypes> {
  /** What the step shall do. Default (also for an empty text): DSPy's sentence over the fields. */
  readonly instructions?: string;
  /** A name for people, in errors and reports. Default: `StringSignature`. */
  readonly name?: string;
  /** Types of your own that the string names: classes, schemas, notations of decorators. */
  readonly types?: T;
}

/** The fields of a signature as objects, each with its type or with the options of `@Input` and `@Output`. */
export interface SignatureFields {
  readonly inputs: FieldNotations;
  readonly outputs: FieldNotations;
}

/**
 * A signature from a string, with the same types statically: `signature('question -> answer: float')`. Give
 * `instructions` to say more than the names do, and `types` for names of your own:
 * `signature('text -> people: list[Person]', { types: { Person } })`. Throws `SignatureSyntaxError` and
 * `UnknownOptionError`. (DSPy: `dspy.Signature('question -> answer: float', instructions)`.)
 */
export function signature<const S extends string, const T extends SignatureTypes = Record<never, never>>(
  text: CheckedString<S, TypesOf<T>>,
  options?: SignatureOptions<T>,
): SignatureSpec<StringInputs<S, TypesOf<T>>, StringOutputs<S, TypesOf<T>>>;
/**
 * A signature from objects: `signature({ inputs: { text: String }, outputs: { score: { type: 'int', desc: '0 to 10' } } })`. Throws
 * `FieldOptionConflictError`, `UnsupportedFieldTypeError` and `UnknownOptionError`. (DSPy: `dspy.Signature({...})`.)
 */
export function signature<const F extends SignatureFields>(
  fields: F,
  options?: Omit<SignatureOptions, 'types'>,
): SignatureSpec<FieldsOf<F['inputs']>, FieldsOf<F['outputs']>>;
export function signature(given: string | SignatureFields, options: SignatureOptions = {}): SignatureSpec {
  const isText = typeof given === 'string';
  checkOptions('signature()', options, isText ? ['instructions', 'name', 'types'] : ['instructions', 'name']);
  if (!isText) checkOptions('signature()', given, ['inputs', 'outputs']);
  const { instructions, name, types } = options;
  return new SignatureSpec({
    fields: isText ? parseString(given, types && readTypes(types)) : readFields(given.inputs, given.outputs),
    ...(instructions === undefined ? {} : { instructions }),
    ...(name === undefined ? {} : { name }),
  });
}
