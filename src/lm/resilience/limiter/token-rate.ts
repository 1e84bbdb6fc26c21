/** The share of a minute's tokens that may go at once after a pause. */
const BURST = 0.1;

/**
 * A bound on tokens a minute: a bucket that refills evenly, such that no minute sees more than the bound as long as the estimates are right. What an
 * estimate got wrong is settled with the real number, so it delays or speeds up the calls that follow.
 */
export class TokenRate {
  private readonly capacity: number;
  private readonly perMs: number;
  private tokens: number;
  private countedAt: number;

  constructor(tokensPerMinute: number, now: number) {
    this.capacity = tokensPerMinute * BURST;
    this.perMs = (tokensPerMinute - this.capacity) / 60_000;
    this.tokens = this.capacity;
    this.countedAt = now;
  }

  /** Time until a call of that many tokens may go, in milliseconds. One that is larger than the bucket needs a full bucket. */
  waitMs(tokens: number, now: number): number {
    this.refill(now);
    return Math.max(0, (Math.min(tokens, this.capacity) - this.tokens) / this.perMs);
  }

  take(tokens: number, now: number): void {
    this.refill(now);
    this.tokens -= tokens;
  }

  /** Corrects an estimate: negative when the call took more. */
  giveBack(tokens: number, now: number): void {
    this.refill(now);
    this.tokens = Math.min(this.capacity, this.tokens + tokens);
  }

  private refill(now: number): void {
    this.tokens = Math.min(this.capacity, this.tokens + (now - this.countedAt) * this.perMs);
    this.countedAt = now;
  }
}
