import { hash } from 'node:crypto';
import { canonicalJson } from '../../core/util/canonical-json';

/**
 * The key of a call that is no request to a language model: SHA-256, in hex, of the canonical JSON of what it is made of. `kind`
 * keeps different calls of one endpoint apart; credentials are never part of it.
 */
export function callKey(kind: string, parts: Readonly<Record<string, unknown>>): string {
  return hash('sha256', canonicalJson({ kind, ...parts }), 'hex');
}
