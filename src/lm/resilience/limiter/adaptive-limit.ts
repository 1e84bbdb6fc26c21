/**
 * How many calls may be in flight: halved when the other side says that it is too much, one more after each round of successes, never above
 * the user's maximum nor below 1 (additive increase, multiplicative decrease).
 */
export class AdaptiveLimit {
  private limit: number;
  private successes = 0;
  private cutAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly maximum: number,
    private readonly adaptive: boolean,
  ) {
    this.limit = maximum;
  }

  get current(): number {
    return this.limit;
  }

  /**
   * A call that was begun at `startedAt` was told to slow down. Calls from before the last cut say nothing new, so that one burst of
   * refusals cuts once. True when the limit changed.
   */
  slowDown(startedAt: number, inFlight: number, now: number): boolean {
    if (!this.adaptive || startedAt <= this.cutAt) return false;
    this.cutAt = now;
    this.successes = 0;
    const before = this.limit;
    this.limit = Math.max(1, Math.floor(Math.min(this.limit, inFlight) / 2));
    return this.limit !== before;
  }

  /** A call succeeded; `used` says that all permits were in use, without which nothing is learnt about more of them. */
  succeeded(used: boolean): void {
    if (!used || this.limit >= this.maximum) return;
    this.successes += 1;
    if (this.successes < this.limit) return;
    this.successes = 0;
    this.limit += 1;
  }
}
