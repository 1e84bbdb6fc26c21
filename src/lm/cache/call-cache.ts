import type { Cache } from '../../core/ports/cache';
import type { CallScope } from '../../core/ports/lm';
import { tell } from '../../core/settings/in-span';
import { withDeadline } from '../resilience/deadline';

/** A store that takes longer than this is not waited for, in milliseconds: asking again is better than hanging. */
const STORE_PATIENCE_MS = 5000;

/** An answer, and whether the store had it. */
export interface CacheOutcome<A> {
  readonly answer: A;
  readonly hit: boolean;
}

/**
 * Calls answered from a store when it knows the answer: to a language model, an embedder or a retriever. The store cannot do harm:
 * a read that fails, takes 5 seconds or gives nonsense is a miss, and a write that fails is dropped.
 */
export class CallCache<A> {
  /** Calls that the store answered. */
  hits = 0;
  /** Calls that it did not answer. */
  misses = 0;
  /** Reads and writes that failed, took too long, or gave what is no answer. */
  errors = 0;

  /** `isAnswer` says whether what the store gave is an answer at all: a store may hold anything, such as files of others. */
  constructor(
    readonly store: Cache,
    private readonly isAnswer: (value: unknown) => value is A,
  ) {}

  /**
   * The answer that the store has under `key`, else that of `call`, which is then stored if `keep` says so (default: yes).
   * `scope.cache: false` neither reads nor writes. A failing call is never stored; an abort while the store is read rejects with
   * the signal's reason, an abort while it is written comes too late.
   */
  async run(
    key: string,
    call: () => Promise<A>,
    scope: CallScope,
    keep?: (answer: A) => boolean,
  ): Promise<CacheOutcome<A>> {
    if (scope.cache === false) return { answer: await call(), hit: false };
    const found = await this.read(key, scope.signal);
    const hit = found !== undefined;
    if (hit) this.hits += 1;
    else this.misses += 1;
    tell('cache', () => ({ hit, key: key.slice(0, 12), store: this.store.constructor.name }));
    if (hit) return { answer: found, hit };
    const answer = await call();
    if (keep === undefined || keep(answer)) await this.write(key, answer, scope.signal);
    return { answer, hit };
  }

  private async read(key: string, signal: AbortSignal | undefined): Promise<A | undefined> {
    let value: unknown;
    try {
      const found = this.store.get(key);
      value = found instanceof Promise ? await withDeadline(found, { signal, deadlineMs: STORE_PATIENCE_MS }) : found;
    } catch {
      signal?.throwIfAborted();
      this.errors += 1;
      return undefined;
    }
    if (value === undefined || this.isAnswer(value)) return value;
    this.errors += 1;
    return undefined;
  }

  private async write(key: string, answer: A, signal: AbortSignal | undefined): Promise<void> {
    try {
      const written = this.store.set(key, answer);
      // The answer is there already: an abort now must not throw it away.
      if (written instanceof Promise) await withDeadline(written, { signal, deadlineMs: STORE_PATIENCE_MS });
    } catch {
      if (!signal?.aborted) this.errors += 1;
    }
  }
}
