/**
 * A request that was sent may reach its server so much later than the next ones, in milliseconds, without the server counting too many of them
 * in one window.
 */
const DRIFT_MS = 100;

/** One place in the window; it is free again at a moment of the monotonic clock. */
export interface RateSlot {
  freeAt: number;
}

/**
 * A bound on requests a minute, kept in every window of the server's: at 600 a minute no ten-and-first request is sent within a second, at 30
 * a minute no second one within two. A place is free again one window after the server had seen its request: that is when
 * the answer came, or 100 ms after sending.
 */
export class RequestRate {
  private readonly windowMs: number;
  private readonly places: number;
  /** Ordered by the time they were taken. */
  private readonly taken: RateSlot[] = [];

  constructor(requestsPerMinute: number) {
    this.places = Math.max(1, Math.floor(requestsPerMinute / 60));
    this.windowMs = (60_000 * this.places) / requestsPerMinute;
  }

  /** Time until a place is free, in milliseconds; 0 means now. */
  waitMs(now: number): number {
    let soonest = Number.POSITIVE_INFINITY;
    for (const slot of this.taken) soonest = Math.min(soonest, slot.freeAt);
    return this.taken.length < this.places ? 0 : Math.max(0, soonest - now);
  }

  /** Takes a place; ask `waitMs` first. */
  take(now: number): RateSlot {
    const free = this.taken.findIndex(({ freeAt }) => freeAt <= now);
    if (this.taken.length >= this.places && free >= 0) this.taken.splice(free, 1);
    const slot = { freeAt: now + this.windowMs + DRIFT_MS };
    this.taken.push(slot);
    return slot;
  }

  /** The answer is there, so the server has counted the request before now. */
  answered(slot: RateSlot, now: number): void {
    slot.freeAt = Math.min(slot.freeAt, now + this.windowMs);
  }
}
