import type { Cache } from '../../core/ports/cache';
import { abortSourceOf } from '../../core/ports/call-scope';
import type { CallScope } from '../../core/ports/lm';
import { tell } from '../../core/settings/in-span';
import { isWatched } from '../../core/telemetry/channels';
import { withDeadline } from '../resilience/deadline';

/** A store that takes longer than this is not waited for, in milliseconds: asking again is better than hanging. */
const STORE_PATIENCE_MS = 5000;

/** What a cache of calls must know of its answers. */
export interface CallCacheRules<A, R> {
  /** Whether what the store gave is an answer at all: a store may hold anything, such as files of others. */
  readonly isAnswer: (value: unknown) => value is A;
  /** What the caller gets. `hit` says that the store had it. */
  readonly outcome: (answer: A, hit: boolean) => R;
  /** Whether an answer is stored; default yes. */
  readonly keep?: (answer: A) => boolean;
}

/**
 * Calls answered from a store when it knows the answer: to a language model, an embedder or a retriever. The store cannot do harm:
 * a read that fails, takes 5 seconds or gives nonsense is a miss, and a write that fails is dropped.
 */
export class CallCache<A, R> {
  /** Calls that the store answered. */
  hits = 0;
  /** Calls that it did not answer. */
  misses = 0;
  /** Reads and writes that failed, took too long, or gave what is no answer. */
  errors = 0;

  constructor(
    readonly store: Cache,
    private readonly rules: CallCacheRules<A, R>,
  ) {}

  /**
   * The answer that the store has under `key`, else that of `call`, which is then stored. `scope.cache: false` neither reads nor
   * writes. A failing call is never stored; an abort while the store is read rejects with the reason of the abort, an abort
   * while it is written comes too late. A store that answers at once adds one promise to a call, and none to a hit.
   */
  run(key: string, call: () => Promise<A>, scope: CallScope): Promise<R> {
    try {
      if (scope.cache === false) return call().then((answer) => this.rules.outcome(answer, false));
      const found = this.read(key, scope);
      return found instanceof Promise ? this.later(found, key, call, scope) : this.answered(found, key, call, scope);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  private async later(
    found: Promise<A | undefined>,
    key: string,
    call: () => Promise<A>,
    scope: CallScope,
  ): Promise<R> {
    return this.answered(await found, key, call, scope);
  }

  private answered(found: A | undefined, key: string, call: () => Promise<A>, scope: CallScope): Promise<R> {
    const hit = found !== undefined;
    if (hit) this.hits += 1;
    else this.misses += 1;
    if (isWatched('cache')) this.tellOf(hit, key);
    if (hit) return Promise.resolve(this.rules.outcome(found, hit));
    return call().then((answer) => this.keep(key, answer, scope));
  }

  private keep(key: string, answer: A, scope: CallScope): R | Promise<R> {
    const { outcome, keep } = this.rules;
    const writing = keep === undefined || keep(answer) ? this.write(key, answer, scope) : undefined;
    return writing === undefined ? outcome(answer, false) : writing.then(() => outcome(answer, false));
  }

  private tellOf(hit: boolean, key: string): void {
    tell('cache', () => ({ hit, key: key.slice(0, 12), store: this.store.constructor.name }));
  }

  private read(key: string, scope: CallScope): A | undefined | Promise<A | undefined> {
    try {
      const found = this.store.get(key);
      return found instanceof Promise ? this.readLater(found, scope) : this.checked(found);
    } catch {
      return this.failed(scope);
    }
  }

  private async readLater(found: Promise<unknown>, scope: CallScope): Promise<A | undefined> {
    try {
      return this.checked(await withDeadline(found, { signal: abortSourceOf(scope), deadlineMs: STORE_PATIENCE_MS }));
    } catch {
      return this.failed(scope);
    }
  }

  /** A read that failed is a miss, unless nobody waits for it any more. */
  private failed(scope: CallScope): undefined {
    abortSourceOf(scope)?.throwIfAborted();
    this.errors += 1;
    return undefined;
  }

  private checked(value: unknown): A | undefined {
    if (value === undefined || this.rules.isAnswer(value)) return value;
    this.errors += 1;
    return undefined;
  }

  /** A promise only where the store has one. */
  private write(key: string, answer: A, scope: CallScope): Promise<void> | undefined {
    try {
      const written = this.store.set(key, answer);
      return written instanceof Promise ? this.writeLater(written, scope) : undefined;
    } catch {
      this.errors += 1;
      return undefined;
    }
  }

  private async writeLater(written: Promise<void>, scope: CallScope): Promise<void> {
    const signal = abortSourceOf(scope);
    try {
      await withDeadline(written, { signal, deadlineMs: STORE_PATIENCE_MS });
    } catch {
      // The answer is there already: an abort now must not throw it away.
      if (!signal?.aborted) this.errors += 1;
    }
  }
}
