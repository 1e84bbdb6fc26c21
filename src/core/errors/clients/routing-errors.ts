import { isOutage, isRetryable, LMError } from '../lm-errors';

/**
 * A fallback or a pool asked everybody it could, and nobody answered: `errors` has the failure of each. It is an outage when each of them
 * is, and worth another try when one of them is. `retryAfter` says when the first member of a pool returns.
 */
export class AllFailedError extends LMError {
  readonly code = 'LM_ALL_FAILED';
  readonly retryable: boolean;
  readonly outage: boolean;
  readonly errors: readonly LMError[];

  /** `sent` counts the requests of this call; `waitMs` is the time until the first member returns, in milliseconds. */
  constructor(owner: string, errors: readonly LMError[], sent: number, waitMs?: number) {
    const each = errors.map((error, index) => ` ${index + 1}. ${error.name}: ${error.message}`).join('');
    const returns = waitMs === undefined ? '' : ` The first one is asked again in ${Math.ceil(waitMs / 100) / 10} s.`;
    super(`None of the LMs of the ${owner} answered.${each}${returns}`, {
      ...(errors.length === 0 ? {} : { cause: errors.at(-1) }),
      ...(waitMs === undefined ? {} : { retryAfterMs: Math.ceil(waitMs) }),
    });
    this.errors = Object.freeze([...errors]);
    this.retryable = errors.some(isRetryable);
    this.outage = errors.every(isOutage);
    this.attempts = sent;
  }
}
