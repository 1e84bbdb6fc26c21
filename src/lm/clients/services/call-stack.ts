import { LMClosedError, type LMErrorDetails } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { Cache } from '../../../core/ports/cache';
import { abortSourceOf, scopeWith } from '../../../core/ports/call-scope';
import type { CallScope, LMStats } from '../../../core/ports/lm';
import type { Cancellation } from '../../../core/util/cancellation';
import { checkOptions } from '../../../core/util/check-options';
import { CallCache } from '../../cache/call-cache';
import { MemoryCache } from '../../cache/memory-cache';
import { joinedTooLate } from '../../resilience/failures';
import { Resilience } from '../../resilience/resilience';
import { type ResilienceOptions, type ResiliencePreset, resilienceSettings } from '../../resilience/resilience-options';
import { SingleFlight } from '../../resilience/single-flight';

export interface CallStackOptions {
  /** The store of answers; `false` asks anew each time. Default a `MemoryCache` of its own. A store may be shared. */
  readonly cache?: Cache | false;
  /** Retries, breaker, limiter and deadline; `false` does without. */
  readonly resilience?: ResiliencePreset | ResilienceOptions | false;
  /** Whether equal calls in flight share one; default true. */
  readonly singleFlight?: boolean;
}

/** An answer, and whether it came from the cache. */
export interface Answered<A> {
  readonly answer: A;
  readonly hit: boolean;
}

/**
 * The layers of `composeLM` for calls that are no requests to a language model: single-flight, cache, then by `send` retries,
 * breaker and limits. Embedders and retrievers share it.
 */
export class CallStack<A> {
  private readonly flights = new SingleFlight<Answered<A>>();
  private readonly share: boolean;
  private readonly cache: CallCache<A, Answered<A>> | undefined;
  private readonly ownStore: Cache | undefined;
  private readonly resilience: Resilience | undefined;
  private closed = false;

  /** Throws `UnknownOptionError` or `InvalidOptionError` in the name of `owner`. */
  constructor(
    owner: string,
    private readonly about: LMErrorDetails & { readonly model: string; readonly endpoint: string },
    isAnswer: (value: unknown) => value is A,
    options: CallStackOptions,
  ) {
    checkOptions(owner, options, ['cache', 'resilience', 'singleFlight']);
    const { cache, resilience = {}, singleFlight = true } = options;
    if (cache !== undefined && cache !== false && !(cache instanceof Cache)) {
      throw new InvalidOptionError(owner, 'cache', cache, 'a Cache, or false');
    }
    if (typeof singleFlight !== 'boolean')
      throw new InvalidOptionError(owner, 'singleFlight', singleFlight, 'true or false');
    this.share = singleFlight;
    this.ownStore = cache === undefined ? new MemoryCache() : undefined;
    const store = cache === false ? undefined : (cache ?? this.ownStore);
    this.cache = store && new CallCache(store, { isAnswer, outcome: (answer, hit) => ({ answer, hit }) });
    this.resilience = resilience === false ? undefined : new Resilience(resilienceSettings(resilience), about);
  }

  /** The answer of that key: of an equal call in flight, of the cache, or of `call`. */
  run(key: string, call: (scope: CallScope) => Promise<A>, scope: CallScope): Promise<Answered<A>> {
    if (this.closed) return Promise.reject(new LMClosedError('The client was closed.', this.about));
    if (!this.share) return this.cached(key, call, scope);
    const start = (flight: Cancellation | undefined) =>
      this.cached(key, call, flight === undefined ? scope : scopeWith(scope, {}, flight));
    const { deadlineMs, cache } = scope;
    return this.flights.run(key, start, {
      signal: abortSourceOf(scope),
      deadlineMs,
      expired: () => joinedTooLate(this.about, deadlineMs),
      fresh: cache === false,
    });
  }

  /** Sends what could not be answered otherwise. */
  async send<R>(call: (scope: CallScope) => Promise<R>, scope: CallScope): Promise<{ answer: R; lost: number }> {
    return this.resilience === undefined ? { answer: await call(scope), lost: 0 } : this.resilience.run(call, scope);
  }

  /** The counters that these layers know. */
  stats(): Pick<LMStats, 'queued' | 'cacheHits' | 'shared' | 'breaker'> {
    const { queued = 0, breaker = 'none' } = this.resilience?.stats ?? {};
    return { queued, breaker, cacheHits: this.cache?.hits ?? 0, shared: this.flights.shared };
  }

  /** Refuses further calls, and those that wait for their turn or for a retry. `client` is closed next, then the store that nobody gave. */
  async close(client: () => Promise<void> | undefined): Promise<void> {
    this.closed = true;
    this.resilience?.close();
    await client();
    await this.ownStore?.close();
  }

  private async cached(key: string, call: (scope: CallScope) => Promise<A>, scope: CallScope): Promise<Answered<A>> {
    if (this.cache === undefined) return { answer: await call(scope), hit: false };
    return this.cache.run(key, () => call(scope), scope);
  }
}
