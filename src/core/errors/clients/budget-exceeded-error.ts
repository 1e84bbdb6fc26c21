import { LMError, type LMErrorDetails } from '../lm-errors';

/** What a budget bounds. */
export type BudgetLimit = 'calls' | 'tokens' | 'usd' | 'wallClockMs';

/** A budget has nothing left for this call. Says nothing about the program, and waiting does not help. */
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
    /** What the refused call asked for; infinite where its price is not known. */
    readonly wanted: number,
    details: LMErrorDetails = {},
  ) {
    super(messageOf(limit, allowed, used, wanted), details);
    this.attempts = 0;
  }
}

function messageOf(limit: BudgetLimit, allowed: number, used: number, wanted: number): string {
  if (limit === 'wallClockMs') {
    return `The time of the budget is over: ${allowed} ms were allowed, and it is ${Math.round(used)} ms old. Make a new Budget, or allow more.`;
  }
  if (!Number.isFinite(wanted)) {
    return (
      `The budget allows ${allowed} usd, and the price of this model is not known, so that nothing can be promised. ` +
      'No request was sent. Give the client the option prices, or leave the limit usd out.'
    );
  }
  return (
    `The budget allows ${allowed} ${limit}; ${rounded(used)} are spent or reserved, and this call may need ${rounded(wanted)}. ` +
    'No request was sent. Raise the limit, or ask for shorter answers with maxTokens.'
  );
}

/** Dollars to the millionth: sums of fractions end in noise. */
function rounded(value: number): number {
  return Math.round(value * 1e6) / 1e6;
}
