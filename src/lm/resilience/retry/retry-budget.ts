/** What one retry takes, and what one success brings back. */
const COST = 5;
const COST_AFTER_TIMEOUT = 10;
const REFUND = 1;

/**
 * A bucket of tokens for the retries of one client. While its provider is down every retry fails and takes tokens, so the retries of
 * many callers end soon; single failures among successes never empty it. First requests are not its business.
 */
export class RetryBudget {
  private tokens: number;

  /** `capacity` in tokens: a retry takes 5, one after a timeout 10; a success gives back 1. */
  constructor(private readonly capacity: number) {
    this.tokens = capacity;
  }

  /** Tokens that are left. */
  get left(): number {
    return this.tokens;
  }

  /** Takes the tokens of one retry; false, and nothing taken, when there are not enough. */
  take(afterTimeout: boolean): boolean {
    const cost = afterTimeout ? COST_AFTER_TIMEOUT : COST;
    if (this.tokens < cost) return false;
    this.tokens -= cost;
    return true;
  }

  /** A call succeeded. */
  refund(): void {
    this.tokens = Math.min(this.capacity, this.tokens + REFUND);
  }
}
