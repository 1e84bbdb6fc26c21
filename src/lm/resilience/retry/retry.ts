import { sleep } from '../deadline';
import { type RetryPolicy, retryPolicy } from '../policy';
import type { RandomSource } from './jitter';

export interface RetryOptions {
  /** Runs in all, the first one included. */
  readonly attempts: number;
  /** The first wait is up to this long, in milliseconds; each further one up to twice the one before. */
  readonly baseDelayMs: number;
  /** No wait of our own is longer. */
  readonly maxDelayMs: number;
  readonly random: RandomSource;
  /** True when the same call may succeed later. */
  readonly retryable: (error: unknown) => boolean;
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs: (error: unknown) => number | undefined;
}

export interface RetryScope {
  /** Ends a wait at once. */
  readonly signal?: AbortSignal | undefined;
  /** Time that is left, in milliseconds; a wait that does not fit into it is not begun. */
  readonly remainingMs: () => number;
  /** False once the call has had an effect that must not be had twice. Default always true. */
  readonly repeatable?: () => boolean;
}

/** Wraps the error after which there is no further attempt. */
class Final {
  constructor(readonly error: unknown) {}
}

/**
 * Calls again after passing failures, with exponential waits and full jitter. A wait the other side asks for is kept to, with
 * up to a tenth more so that clients do not return together; when it does not fit into the time left, the call fails at once.
 */
export class Retry {
  private readonly further: RetryPolicy;

  constructor(private readonly options: RetryOptions) {
    const { attempts, retryable } = options;
    this.further = retryPolicy(attempts - 1, (error) => !(error instanceof Final) && retryable(error));
  }

  async run<T>(call: () => Promise<T>, scope: RetryScope): Promise<T> {
    try {
      // Most calls succeed at once: the machinery for the others is entered when it is needed.
      return await call();
    } catch (error) {
      const { attempts, retryable } = this.options;
      if (attempts < 2 || scope.signal?.aborted || scope.repeatable?.() === false || !retryable(error)) throw error;
      return this.again(call, scope, error);
    }
  }

  private async again<T>(call: () => Promise<T>, scope: RetryScope, first: unknown): Promise<T> {
    const { signal, remainingMs } = scope;
    let waitMs = this.waitAfter(first, 0);
    if (waitMs >= remainingMs()) throw first;
    try {
      return await this.further.execute(async (attempt) => {
        if (waitMs > 0) await sleep(waitMs, signal);
        signal?.throwIfAborted();
        try {
          return await call();
        } catch (error) {
          if (!this.options.retryable(error)) throw error;
          waitMs = this.waitAfter(error, attempt + 1);
          if (scope.repeatable?.() === false || waitMs >= remainingMs()) throw new Final(error);
          throw error;
        }
      }, signal);
    } catch (error) {
      throw error instanceof Final ? error.error : error;
    }
  }

  private waitAfter(error: unknown, attempt: number): number {
    const { baseDelayMs, maxDelayMs, random, retryAfterMs } = this.options;
    const asked = retryAfterMs(error);
    if (asked !== undefined) return asked * (1 + random() / 10);
    return random() * Math.min(maxDelayMs, baseDelayMs * 2 ** attempt);
  }
}
