import { monotonicMs } from '../../../core/util/clock';
import { fairTimer } from '../../resilience/fair-timer';

/** How long the parts of one exchange may take, in milliseconds. */
export interface ExchangeLimits {
  /** The whole of it. */
  readonly deadlineMs: number;
  /** Until the head of the answer. */
  readonly firstByteMs: number;
  /** Between two pieces of the body; absent means no limit of its own. */
  readonly idleMs?: number | undefined;
}

/**
 * The limits of one exchange, on one timer of our own: undici's are coarse (60 ms become 700). Time in which the event loop was
 * blocked is not charged to the server, whose bytes may have been waiting all along.
 */
export class ExchangeClock {
  readonly #limits: ExchangeLimits;
  readonly #expired: (what: string) => void;
  #endTimer: (() => void) | undefined;
  readonly #startedAt = monotonicMs();
  #headed = false;
  #stopped = false;
  /** Since when the next piece is waited for; absent while the consumer is busy with the last one. */
  #quietSince: number | undefined;

  /** Starts at once; `expired` is told what did not come in time, once. */
  constructor(limits: ExchangeLimits, expired: (what: string) => void) {
    this.#limits = limits;
    this.#expired = expired;
    this.#arm();
  }

  /** The head of the answer has come. */
  headed(): void {
    this.#headed = true;
    const { deadlineMs, firstByteMs, idleMs } = this.#limits;
    if (!this.#stopped && Math.min(firstByteMs, idleMs ?? Number.POSITIVE_INFINITY) < deadlineMs) this.#arm();
  }

  /** From now on the next piece is waited for. */
  waiting(): void {
    this.#quietSince = monotonicMs();
  }

  /** A piece has come. While the consumer works on it, no gap grows. */
  received(): void {
    this.#quietSince = undefined;
  }

  /** False once it was stopped, or a limit has passed. */
  get running(): boolean {
    return !this.#stopped;
  }

  stop(): void {
    this.#stopped = true;
    this.#endTimer?.();
  }

  #arm(): void {
    this.#endTimer?.();
    const now = monotonicMs();
    const [dueAt] = this.#next(now);
    this.#endTimer = fairTimer(dueAt - now, () => this.#fire());
  }

  #fire(): void {
    const now = monotonicMs();
    const [dueAt, what] = this.#next(now);
    // Timers count in whole milliseconds and may be early by one.
    if (now < dueAt - 1) {
      this.#arm();
      return;
    }
    this.#stopped = true;
    this.#expired(what);
  }

  /** What is due next, and when. */
  #next(now: number): readonly [number, string] {
    const { deadlineMs, firstByteMs, idleMs } = this.#limits;
    const wholeAt = this.#startedAt + deadlineMs;
    const firstAt = this.#startedAt + firstByteMs;
    if (!this.#headed && firstAt < wholeAt) return [firstAt, `no first byte within ${firstByteMs} ms`];
    if (this.#headed && idleMs !== undefined) {
      const gapAt = (this.#quietSince ?? now) + idleMs;
      if (gapAt < wholeAt) return [gapAt, `a gap of more than ${idleMs} ms in the stream`];
    }
    return [wholeAt, `no complete answer within ${Math.round(deadlineMs)} ms`];
  }
}
