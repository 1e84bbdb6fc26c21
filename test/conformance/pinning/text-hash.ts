import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../src/core/util/canonical-json';

/** Stands in a pin for messages or a text of the reference: SHA-256, in hex, of its canonical JSON. */
export interface TextHash {
  readonly $sha256: string;
}

/** The hash that stands for a value. */
export function textHash(value: unknown): TextHash {
  return { $sha256: createHash('sha256').update(canonicalJson(value)).digest('hex') };
}

/** True for a hash that a pin has in place of a value. */
export function isTextHash(value: unknown): value is TextHash {
  return typeof value === 'object' && value !== null && '$sha256' in value;
}
