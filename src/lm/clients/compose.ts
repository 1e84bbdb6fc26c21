import type { Cache } from '../../core/ports/cache';
import type { LM } from '../../core/ports/lm';
import { checkOptions } from '../../core/util/check-options';
import { cached } from '../cache/cached';
import { singleFlight } from '../cache/single-flight-lm';
import { type ResilienceOptions } from '../resilience/resilience-options';
import { resilient } from '../resilience/resilient';

export interface ComposeOptions {
  /** The store of answers; `false` asks anew each time. Default a `MemoryCache` of its own. */
  readonly cache?: Cache | false;
  /** Retries, breaker, limiter and deadline; `false` does without. */
  readonly resilience?: ResilienceOptions | false;
  /** Whether equal requests in flight share one; default true. */
  readonly singleFlight?: boolean;
}

/** The options of `composeLM`, for those who pass them on. */
export const COMPOSE_OPTIONS: readonly (keyof ComposeOptions)[] = ['cache', 'resilience', 'singleFlight'];

/**
 * The default stack around a bare client: single-flight, then cache, then resilience, then the client. Each layer can be
 * replaced or left out; any order of one's own is a matter of calling `singleFlight`, `cached` and `resilient`.
 */
export function composeLM(client: LM, options: ComposeOptions = {}): LM {
  checkOptions('composeLM', options, COMPOSE_OPTIONS);
  const { cache, resilience = {}, singleFlight: share = true } = options;
  let lm = client;
  if (resilience !== false) lm = resilient(lm, resilience);
  if (cache !== false) lm = cached(lm, cache === undefined ? {} : { cache });
  if (share) lm = singleFlight(lm);
  return lm;
}
