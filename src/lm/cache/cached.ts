import { LMClosedError } from '../../core/errors/lm-errors';
import { InvalidOptionError } from '../../core/errors/option-errors';
import { Cache } from '../../core/ports/cache';
import type { CallScope, LM, LMStats } from '../../core/ports/lm';
import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { NO_USAGE } from '../../core/primitives/usage';
import { checkOptions } from '../../core/util/check-options';
import { LMLayer } from '../layer';
import { untilAborted } from '../resilience/deadline';
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
  private readonly store: Cache;
  private hits = 0;
  private closed = false;

  constructor(
    inner: LM,
    private readonly given: Cache | undefined,
  ) {
    super(inner);
    this.store = given ?? new MemoryCache();
  }

  override async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    scope.signal?.throwIfAborted();
    if (this.closed) throw new LMClosedError('The client was closed.', { model: this.model, endpoint: this.endpoint });
    const key = keyOf(request);
    const found = await this.read(key, scope.signal);
    if (found !== undefined) {
      this.hits += 1;
      return Object.freeze({ ...found, cached: true, attempts: 0, usage: CACHED_USAGE });
    }
    const response = await this.inner.generate(request, scope);
    await this.write(key, response, scope.signal);
    return response;
  }

  override stats(): LMStats {
    return { ...this.inner.stats(), cacheHits: this.hits };
  }

  /** A store that was given stays open: others may share it. */
  override async close(): Promise<void> {
    this.closed = true;
    await this.inner.close();
    if (this.given === undefined) await this.store.close();
  }

  private async read(key: string, signal: AbortSignal | undefined): Promise<LMResponse | undefined> {
    let value: unknown;
    try {
      const found = this.store.get(key);
      value = found instanceof Promise ? await untilAborted(found, signal) : found;
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
    return isResponse(value) ? value : undefined;
  }

  private async write(key: string, response: LMResponse, signal: AbortSignal | undefined): Promise<void> {
    if (response.cached || response.completions.some(({ finishReason }) => finishReason === 'error')) return;
    try {
      const written = this.store.set(key, response);
      // The answer is there already: an abort now must not throw it away.
      if (written instanceof Promise) await untilAborted(written, signal);
    } catch {
      // A failing write is dropped.
    }
  }
}

/** A store may hold anything, for example files that somebody else wrote. */
function isResponse(value: unknown): value is LMResponse {
  const completions = (value as Partial<LMResponse> | null | undefined)?.completions;
  return (
    Array.isArray(completions) && completions.length > 0 && completions.every((one) => typeof one?.text === 'string')
  );
}
