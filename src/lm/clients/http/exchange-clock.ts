import { monotonicMs } from '../../../core/util/clock';
import { graceFor, LEAST_GRACE_MS, MAX_TIMER_MS } from '../../resilience/fair-timer';

/** How long the parts of one exchange may take, in milliseconds. */
export interface ExchangeLimits {
  /** The whole of it. */
  readonly deadlineMs: number;
  /** Until the head of the answer. */
  readonly firstByteMs: number;
  /** Between two pieces of the body; absent means no limit of its own. */
  readonly idleMs?: number | undefined;
}

/** Who is told, once, what did not come in time. */
export interface ClockOwner {
  expired(what: string): void;
}

/**
 * The limits of one exchange, on one timer of our own: undici's are coarse (60 ms become 700). Time in which the event loop was
 * blocked is not charged to the server, whose bytes may have been waiting all along: it is a `fairTimer`, written out without its
 * closures, because thousands of these live at a time.
 */
export class ExchangeClock {
  readonly #owner: ClockOwner;
  readonly #deadlineMs: number;
  readonly #firstByteMs: number;
  readonly #idleMs: number;
  readonly #startedAt = monotonicMs();
  #timer: NodeJS.Timeout | undefined;
  /** When the timer is to fire, for how long it was set, and how much lost time it may still give back. */
  #timerAt = 0;
  #setForMs = 0;
  #graceMs = 0;
  #headed = false;
  #stopped = false;
  /** Since when the next piece is waited for; 0 while the consumer is busy with the last one. */
  #quietSince = 0;

  /** Starts at once. */
  constructor({ deadlineMs, firstByteMs, idleMs = Number.POSITIVE_INFINITY }: ExchangeLimits, owner: ClockOwner) {
    this.#owner = owner;
    this.#deadlineMs = deadlineMs;
    this.#firstByteMs = firstByteMs;
    this.#idleMs = idleMs;
    this.#arm(this.#startedAt);
  }

  /** The head of the answer has come. */
  headed(): void {
    this.#headed = true;
    if (this.#stopped || this.#idleMs === Number.POSITIVE_INFINITY) return;
    const now = monotonicMs();
    // What is due later is looked at when the timer fires: most exchanges are over by then.
    if (this.#nextAt(now) < this.#timerAt) this.#arm(now);
  }

  /** From now on the next piece is waited for. */
  waiting(): void {
    if (this.#idleMs !== Number.POSITIVE_INFINITY) this.#quietSince = monotonicMs();
  }

  /** A piece has come. While the consumer works on it, no gap grows. */
  received(): void {
    this.#quietSince = 0;
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }

  /** Called by the timer. */
  fired(): void {
    const now = monotonicMs();
    const lostMs = Math.min(graceFor(now - this.#timerAt, this.#setForMs), this.#graceMs);
    if (lostMs > 0) {
      this.#graceMs -= lostMs;
      this.#set(now, lostMs);
      return;
    }
    // Timers count in whole milliseconds and may be early by one.
    if (now < this.#nextAt(now) - 1) {
      this.#arm(now);
      return;
    }
    this.#stopped = true;
    this.#owner.expired(this.#missing(now));
  }

  #arm(now: number): void {
    this.#setForMs = this.#nextAt(now) - now;
    this.#graceMs = Math.max(LEAST_GRACE_MS, this.#setForMs);
    this.#set(now, this.#setForMs);
  }

  #set(now: number, ms: number): void {
    clearTimeout(this.#timer);
    const forMs = Math.min(Math.max(0, ms), MAX_TIMER_MS);
    this.#timerAt = now + forMs;
    this.#timer = setTimeout(fire, forMs, this).unref();
  }

  /** When the next limit passes. */
  #nextAt(now: number): number {
    const wholeAt = this.#startedAt + this.#deadlineMs;
    return Math.min(wholeAt, this.#headed ? this.#gapAt(now) : this.#startedAt + this.#firstByteMs);
  }

  #gapAt(now: number): number {
    return (this.#quietSince || now) + this.#idleMs;
  }

  /** What has not come, now that the next limit has passed. */
  #missing(now: number): string {
    const wholeAt = this.#startedAt + this.#deadlineMs;
    if (this.#nextAt(now) === wholeAt) return `no complete answer within ${Math.round(this.#deadlineMs)} ms`;
    return this.#headed
      ? `a gap of more than ${this.#idleMs} ms in the stream`
      : `no first byte within ${this.#firstByteMs} ms`;
  }
}

function fire(clock: ExchangeClock): void {
  clock.fired();
}
