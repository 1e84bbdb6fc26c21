import { LMClosedError } from '../../core/errors/lm-errors';
import { InvalidOptionError } from '../../core/errors/option-errors';
import { Cache } from '../../core/ports/cache';
import { abortSourceOf } from '../../core/ports/call-scope';
import type { CallScope, LM, LMStats } from '../../core/ports/lm';
import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { NO_USAGE } from '../../core/primitives/usage';
import { checkOptions } from '../../core/util/check-options';
import { LMLayer } from '../layer';
import { CallCache } from './call-cache';
import { keyOf } from './key';
import { MemoryCache } from './memory-cache';

export interface CachedOptions {
  /** Where answers are kept; default a `MemoryCache` of its own. A store may be shared: the endpoint is part of the key. */
  readonly cache?: Cache;
}

/**
 * The LM, asked once for each request: an equal one later is answered from the cache, with `cached: true`, no attempts and
 * no tokens. Another `rolloutId` is another request. A store that fails is a miss, never an error.
 */
export function cached(lm: LM, options: CachedOptions = {}): LM {
  checkOptions('cached', options, ['cache']);
  const { cache } = options;
  if (cache !== undefined && !(cache instanceof Cache))
    throw new InvalidOptionError('cached', 'cache', cache, 'a Cache');
  return new CachedLM(lm, cache);
}

const CACHED_USAGE = Object.freeze({ ...NO_USAGE, cachedCalls: 1 });

class CachedLM extends LMLayer {
  private readonly calls: CallCache<LMResponse, LMResponse>;
  private closed = false;

  constructor(
    inner: LM,
    private readonly given: Cache | undefined,
  ) {
    super(inner);
    this.calls = new CallCache(given ?? new MemoryCache(), { isAnswer: isResponse, outcome, keep: isWorthKeeping });
  }

  override generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    try {
      abortSourceOf(scope)?.throwIfAborted();
      if (this.closed)
        throw new LMClosedError('The client was closed.', { model: this.model, endpoint: this.endpoint });
      if (scope.cache === false) return this.inner.generate(request, scope);
      return this.calls.run(keyOf(request), () => this.inner.generate(request, scope), scope);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  override stats(): LMStats {
    const stats = this.inner.stats();
    return { ...stats, cacheHits: stats.cacheHits + this.calls.hits };
  }

  /** A store that was given stays open: others may share it. */
  override async close(): Promise<void> {
    this.closed = true;
    await this.inner.close();
    if (this.given === undefined) await this.calls.store.close();
  }
}

/** What the store had is paid for: no attempt and no token is counted for it again. */
function outcome(answer: LMResponse, hit: boolean): LMResponse {
  return hit ? Object.freeze({ ...answer, cached: true, attempts: 0, usage: CACHED_USAGE }) : answer;
}

/** Not what another cache gave, and no failure of the provider. A truncated answer is kept: the same request gives the same one. */
function isWorthKeeping({ cached, completions }: LMResponse): boolean {
  return !cached && completions.every(({ finishReason }) => finishReason !== 'error');
}

/** A store may hold anything, for example files that somebody else wrote. */
function isResponse(value: unknown): value is LMResponse {
  const completions = (value as Partial<LMResponse> | null | undefined)?.completions;
  return (
    Array.isArray(completions) && completions.length > 0 && completions.every((one) => typeof one?.text === 'string')
  );
}
