import { LMError, type LMErrorDetails } from '../lm-errors';

/** What a budget bounds. */
export type BudgetLimit = 'calls' | 'tokens' | 'usd' | 'wallClockMs';

/** A budget has nothing left for this call: no request was sent. Says nothing about the program, and waiting does not help. */
export class BudgetExceededError extends LMError {
  readonly code = 'BUDGET_EXCEEDED';
  readonly retryable = false;
  readonly outage = true;

  constructor(
    /** The limit that was reached. */
    readonly limit: BudgetLimit,
    /** What may be spent, and what was spent or is reserved by calls in flight. */
    readonly allowed: number,
    readonly used: number,
    /** What the refused call asked for. */
    readonly wanted: number,
    details: LMErrorDetails = {},
  ) {
    super(
      `The budget allows ${allowed} ${limit}; ${used} are spent or reserved and this call may need ${wanted}. No request was sent. ` +
        'Raise the limit, or ask for shorter answers with maxTokens.',
      details,
    );
    this.attempts = 0;
  }
}
