import { tell } from '../../../core/settings/in-span';
import { type AbortSource, Cancellation } from '../../../core/util/cancellation';
import { onAbort } from '../../../core/util/on-abort';
import { sleep } from '../deadline';
import { type RetryPolicy, retryPolicy } from '../policy';
import type { RandomSource } from './jitter';
import { RetryBudget } from './retry-budget';

/** What a failure says about trying again. */
export interface RetryAdvice {
  /** True when the same call may succeed later. */
  readonly retryable: boolean;
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
  /** Most retries of a call that fails in this way; default only the bound of all attempts. */
  readonly maxRetries?: number | undefined;
  /** A timeout takes twice as much of the retry budget. */
  readonly timeout?: boolean | undefined;
  /** The other side is there and answers: its retry takes nothing of the retry budget. */
  readonly answered?: boolean | undefined;
}

export interface RetryOptions {
  /** Runs in all, the first one included. */
  readonly attempts: number;
  /** The first wait is up to this long, in milliseconds; each further one up to twice the one before. */
  readonly baseDelayMs: number;
  /** No wait of our own is longer. */
  readonly maxDelayMs: number;
  /** Tokens for retries, shared by all calls; see `RetryBudget`. */
  readonly retryTokens: number;
  readonly random: RandomSource;
  readonly advice: (error: unknown) => RetryAdvice;
  /** Told when a failure is final only because the budget for retries is spent. */
  readonly exhausted?: (error: unknown) => void;
}

export interface RetryScope {
  /** Ends a wait at once. */
  readonly signal?: AbortSource | undefined;
  /** Time that is left, in milliseconds; a wait that does not fit into it is not begun. */
  remainingMs(): number;
  /** False once the call has had an effect that must not be had twice. Default always true. */
  repeatable?(): boolean;
}

/** Wraps the error after which there is no further attempt. */
class Final {
  constructor(readonly error: unknown) {}
}

/** Ends a wait early, and the attempt goes on. */
const WOKEN = Symbol('woken');

/**
 * Calls again after passing failures, with exponential waits and full jitter. A wait the other side asks for is kept to, with
 * up to a tenth more so that clients do not return together; when it does not fit into the time left, the call fails at once.
 */
export class Retry {
  private readonly further: RetryPolicy;
  private readonly budget: RetryBudget;
  private readonly naps = new Set<Cancellation>();
  private closed = false;

  constructor(private readonly options: RetryOptions) {
    this.further = retryPolicy(options.attempts - 1, (error) => !(error instanceof Final));
    this.budget = new RetryBudget(options.retryTokens);
  }

  /** A call succeeded at its first attempt. */
  succeeded(): void {
    this.budget.refund();
  }

  /** What comes of further attempts at a call whose first one failed so; `undefined` where there are none, and the failure stands. */
  recover<T>(error: unknown, call: () => Promise<T>, scope: RetryScope): Promise<T> | undefined {
    const waitMs = this.waitAfter(error, 1, scope);
    return waitMs === undefined ? undefined : this.again(call, scope, waitMs);
  }

  /** Ends all waits: whoever waits makes its next attempt now, to be told that the client is closed. */
  close(): void {
    this.closed = true;
    for (const nap of this.naps) nap.abort(WOKEN);
  }

  private async nap(ms: number, signal: AbortSource | undefined): Promise<void> {
    if (this.closed || signal?.aborted) return;
    const nap = new Cancellation();
    const unlisten = signal && onAbort(signal, () => nap.abort(signal.reason));
    this.naps.add(nap);
    try {
      await sleep(ms, nap);
    } catch (reason) {
      if (reason !== WOKEN) throw new Final(reason);
    } finally {
      unlisten?.();
      this.naps.delete(nap);
    }
  }

  private async again<T>(call: () => Promise<T>, scope: RetryScope, firstWaitMs: number): Promise<T> {
    const { signal } = scope;
    let waitMs = firstWaitMs;
    try {
      const further = async (retry: number): Promise<T> => {
        if (waitMs > 0) await this.nap(waitMs, signal);
        if (signal?.aborted) throw new Final(signal.reason);
        try {
          return await call();
        } catch (error) {
          const nextMs = this.waitAfter(error, retry + 2, scope);
          if (nextMs === undefined) throw new Final(error);
          waitMs = nextMs;
          throw error;
        }
      };
      const answer = await this.further.execute(further);
      this.budget.refund();
      return answer;
    } catch (error) {
      throw error instanceof Final ? error.error : error;
    }
  }

  /** How long to wait before the next attempt; `undefined` when there is none after this one, counted from 1. */
  private waitAfter(error: unknown, attempt: number, scope: RetryScope): number | undefined {
    const { attempts, baseDelayMs, maxDelayMs, random, advice, exhausted } = this.options;
    if (attempt >= attempts || scope.signal?.aborted || scope.repeatable?.() === false) return undefined;
    const { retryable, retryAfterMs, maxRetries = attempts, timeout = false, answered = false } = advice(error);
    if (!retryable || attempt > maxRetries) return undefined;
    const waitMs =
      retryAfterMs === undefined
        ? random() * Math.min(maxDelayMs, baseDelayMs * 2 ** (attempt - 1))
        : retryAfterMs * (1 + random() / 10);
    if (waitMs >= scope.remainingMs()) return undefined;
    if (!answered && !this.budget.take(timeout)) {
      exhausted?.(error);
      return undefined;
    }
    tell('retry', () => ({ attempt, waitMs, asked: retryAfterMs !== undefined, tokensLeft: this.budget.left }));
    return waitMs;
  }
}
