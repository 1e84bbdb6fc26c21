import { checkOptions } from '../util/check-options';
import type { CheckedSignature, InputsOf, OutputsOf } from './infer';
import { SignatureSpec } from './signature-spec';
import { parseString } from './strings/parse-string';

export interface SignatureOptions {
  /** What the step shall do. Default (also for an empty text): DSPy's sentence over the fields. */
  readonly instructions?: string;
  /** A name for people, in errors and reports. Default: `StringSignature`. */
  readonly name?: string;
}

/**
 * A signature from a string, with the same types statically: `signature('question -> answer: float')`. Give
 * `instructions` to say more than the names do. Throws `SignatureSyntaxError` and `UnknownOptionError`.
 * (DSPy: `dspy.Signature('question -> answer: float', instructions)`.)
 */
export function signature<const S extends string>(
  text: CheckedSignature<S>,
  options: SignatureOptions = {},
): SignatureSpec<InputsOf<S>, OutputsOf<S>> {
  checkOptions('signature()', options, ['instructions', 'name']);
  const { instructions, name } = options;
  return new SignatureSpec<InputsOf<S>, OutputsOf<S>>({
    fields: parseString(text),
    ...(instructions === undefined ? {} : { instructions }),
    ...(name === undefined ? {} : { name }),
  });
}
