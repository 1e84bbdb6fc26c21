export interface LimiterOptions {
  /** Most calls in flight at a time. */
  readonly maxConcurrent: number;
  /** Most calls that wait; further ones are refused. */
  readonly maxQueued: number;
  /** The error of a refused call. */
  readonly full: () => Error;
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

  async run<T>(call: () => Promise<T>, signal?: AbortSignal): Promise<T> {
    signal?.throwIfAborted();
    // The waiter goes on after its own `await`, so its AsyncLocalStorage stores are those of its caller.
    if (this.running >= this.options.maxConcurrent) await this.enqueue(signal);
    else this.running += 1;
    try {
      return await call();
    } finally {
      this.release();
    }
  }

  /** Resolves with a permit in hand. */
  private enqueue(signal: AbortSignal | undefined): Promise<void> {
    if (this.waiting.size >= this.options.maxQueued) return Promise.reject(this.options.full());
    return new Promise((resolve, reject) => {
      const start = () => {
        signal?.removeEventListener('abort', leave);
        resolve();
      };
      const leave = () => {
        this.waiting.delete(start);
        reject(signal?.reason);
      };
      signal?.addEventListener('abort', leave, { once: true });
      this.waiting.add(start);
    });
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
