/**
 * A request may reach its server so much later than those after it, as a share of the window and in milliseconds at most, without the server
 * counting too many of them in one window.
 */
const DRIFT = 0.1;
const LONGEST_DRIFT_MS = 100;

/** The same before the first answer, in milliseconds: connections have to be made, and the HTTP client to be loaded. */
const COLD_DRIFT_MS = 1000;

/** Looking for a free place is a walk through all of them; more of them than this would make no difference to any server. */
const MOST_PLACES = 100;

/** One place in the window; it is free again at a moment of the monotonic clock. */
export interface RateSlot {
  freeAt: number;
}

/**
 * A bound on requests a minute, kept in every second of it: at 600 a minute no eleventh request is sent within a second, at 30
 * a minute no second one within two seconds. A place is free again one window after the server had seen its request: that is when
 * the answer came, or a tenth of the window (100 ms at most) after sending; a second before anything was answered.
 */
export class RequestRate {
  private readonly windowMs: number;
  private readonly driftMs: number;
  private readonly places: number;
  private readonly taken: RateSlot[] = [];
  private warm = false;

  constructor(requestsPerMinute: number) {
    this.places = Math.min(MOST_PLACES, Math.max(1, Math.floor(requestsPerMinute / 60)));
    this.windowMs = (60_000 * this.places) / requestsPerMinute;
    this.driftMs = Math.min(LONGEST_DRIFT_MS, this.windowMs * DRIFT);
  }

  /** Time until a place is free, in milliseconds; 0 means now. */
  waitMs(now: number): number {
    if (this.taken.length < this.places) return 0;
    const soonest = this.taken.reduce((least, { freeAt }) => Math.min(least, freeAt), Number.POSITIVE_INFINITY);
    return Math.max(0, soonest - now);
  }

  /** Takes a place; ask `waitMs` first. */
  take(now: number): RateSlot {
    const free = this.taken.length < this.places ? -1 : this.taken.findIndex(({ freeAt }) => freeAt <= now);
    if (free >= 0) this.taken.splice(free, 1);
    const slot = { freeAt: now + this.windowMs + (this.warm ? this.driftMs : COLD_DRIFT_MS) };
    this.taken.push(slot);
    return slot;
  }

  /** The answer is there, so the server has counted the request before now. */
  answered(slot: RateSlot, now: number): void {
    this.warm = true;
    slot.freeAt = Math.min(slot.freeAt, now + this.windowMs);
  }
}
