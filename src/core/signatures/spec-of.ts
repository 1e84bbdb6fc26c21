import { Signature, type SignatureClass } from '../../../decorators/signature';
import { NotASignatureError } from '../errors/signature-errors';
import { readClass } from './classes/read-class';
import type { CheckedSignature, InputsOf, OutputsOf, SignatureLike } from './infer';
import { SignatureSpec } from './signature-spec';
import { parseString } from './strings/parse-string';

/**
 * The spec of anything that can be read as a signature: a string, a class that extends `Signature` (read once and kept),
 * or a spec, which is returned as it is. Throws `NotASignatureError` for anything else, and what `signature()` and the
 * reader of classes throw.
 */
export function specOf<const S extends SignatureLike>(
  like: CheckedSignature<S>,
): SignatureSpec<InputsOf<S>, OutputsOf<S>>;
export function specOf(like: unknown): SignatureSpec {
  if (typeof like === 'string') return new SignatureSpec({ fields: parseString(like) });
  if (like instanceof SignatureSpec) return like;
  if (typeof like === 'function') return readClass(like as SignatureClass);
  if (like instanceof Signature)
    throw new NotASignatureError(`an instance of ${like.constructor.name} (give the class itself)`);
  throw new NotASignatureError(
    like === null ? 'null' : typeof like === 'object' ? 'an object' : `${typeof like} ${String(like)}`,
  );
}
