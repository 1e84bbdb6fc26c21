import { hash } from 'node:crypto';
import { canonicalJson } from '../util/canonical-json';
import type { LMRequest } from './lm-request';

/**
 * The canonical key of a request: SHA-256, in hex, of its canonical JSON (keys sorted, absent options dropped).
 * Cache, single-flight, recording and journal share it. It holds endpoint, model, messages, options and rollout id.
 */
export function requestKey(request: LMRequest): string {
  const { endpoint, model, messages, options, rolloutId } = request;
  return hash('sha256', canonicalJson({ endpoint, model, messages, options, rolloutId }), 'hex');
}
