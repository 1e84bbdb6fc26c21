import { withDeadline } from '../deadline';

export interface LimiterOptions {
  /** Most calls in flight at a time. */
  readonly maxConcurrent: number;
  /** Most calls that wait; further ones are refused. */
  readonly maxQueued: number;
  /** The error of a refused call. */
  readonly full: () => Error;
}

export interface LimiterScope {
  /** Leaves the queue with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** Leaves the queue after so many milliseconds. */
  readonly deadlineMs?: number | undefined;
  /** The error when the time is over. */
  readonly expired?: () => Error;
}

/**
 * Bounds how many calls are in flight. Waiting calls start in order of arrival; one whose signal fires leaves the queue at
 * once. A queued call goes on in its own async context, never in that of the call whose end let it start.
 */
export class Limiter {
  private readonly waiting = new Set<() => void>();
  private running = 0;

  constructor(private readonly options: LimiterOptions) {}

  get inFlight(): number {
    return this.running;
  }

  get queued(): number {
    return this.waiting.size;
  }

  async run<T>(call: () => Promise<T>, scope: LimiterScope = {}): Promise<T> {
    scope.signal?.throwIfAborted();
    // The waiter goes on after its own `await`, so its AsyncLocalStorage stores are those of its caller.
    if (this.running >= this.options.maxConcurrent) await this.enqueue(scope);
    else this.running += 1;
    try {
      return await call();
    } finally {
      this.release();
    }
  }

  /** Resolves with a permit in hand. */
  private async enqueue(scope: LimiterScope): Promise<void> {
    if (this.waiting.size >= this.options.maxQueued) throw this.options.full();
    let start = (): void => undefined;
    const turn = new Promise<void>((resolve) => {
      start = resolve;
    });
    this.waiting.add(start);
    try {
      await withDeadline(turn, scope);
    } catch (error) {
      // A permit that came in the same moment goes to the next in the queue.
      if (!this.waiting.delete(start)) this.release();
      throw error;
    }
  }

  /** Hands the permit to the first in the queue, so that a newcomer cannot overtake. */
  private release(): void {
    for (const next of this.waiting) {
      this.waiting.delete(next);
      next();
      return;
    }
    this.running -= 1;
  }
}
