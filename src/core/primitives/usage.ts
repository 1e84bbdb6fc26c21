/**
 * Calls, tokens and money, as the provider counts them. A cached answer counts in `cachedCalls` and adds nothing else.
 * The money is what the price table says; of a model that it does not know nothing is guessed.
 */
export interface Usage {
  /** Answers that were paid for. */
  readonly calls: number;
  readonly cachedCalls: number;
  /** Requests that were sent and brought no answer: failed, cut off or given up. The provider may have charged for them. */
  readonly lostAttempts: number;
  readonly inputTokens: number;
  readonly outputTokens: number;
  /** Part of `inputTokens` that the provider did not compute again. */
  readonly cachedInputTokens: number;
  /** Part of `outputTokens` that the model thought and did not say. */
  readonly reasoningTokens: number;
  /** US dollars, of the calls whose price is known. */
  readonly costUsd: number;
  /** Calls whose price is not known: with any, the cost is at least `costUsd`. */
  readonly unpricedCalls: number;
}

export const NO_USAGE: Usage = Object.freeze({
  calls: 0,
  cachedCalls: 0,
  lostAttempts: 0,
  inputTokens: 0,
  outputTokens: 0,
  cachedInputTokens: 0,
  reasoningTokens: 0,
  costUsd: 0,
  unpricedCalls: 0,
});

/** The sum of two usages. */
export function addUsage(a: Usage, b: Usage): Usage {
  // Most sums are of one call.
  if (a === NO_USAGE) return b;
  if (b === NO_USAGE) return a;
  return {
    calls: a.calls + b.calls,
    cachedCalls: a.cachedCalls + b.cachedCalls,
    lostAttempts: a.lostAttempts + b.lostAttempts,
    inputTokens: a.inputTokens + b.inputTokens,
    outputTokens: a.outputTokens + b.outputTokens,
    cachedInputTokens: a.cachedInputTokens + b.cachedInputTokens,
    reasoningTokens: a.reasoningTokens + b.reasoningTokens,
    costUsd: a.costUsd + b.costUsd,
    unpricedCalls: a.unpricedCalls + b.unpricedCalls,
  };
}

/** A usage in one line: `3 calls (1 cached), 1 lost, 1,234 in (12 % reused), 56 out, $0.0012 + 1 unpriced`. */
export function usageText(usage: Usage): string {
  const { calls, cachedCalls, lostAttempts, inputTokens, outputTokens, cachedInputTokens } = usage;
  const reused = inputTokens === 0 ? 0 : Math.round((100 * cachedInputTokens) / inputTokens);
  const all = calls + cachedCalls;
  return [
    `${grouped(all)} call${all === 1 ? '' : 's'}${cachedCalls === 0 ? '' : ` (${grouped(cachedCalls)} cached)`}`,
    ...(lostAttempts === 0 ? [] : [`${grouped(lostAttempts)} lost`]),
    `${grouped(inputTokens)} in${reused === 0 ? '' : ` (${reused} % reused)`}`,
    `${grouped(outputTokens)} out`,
    moneyText(usage),
  ].join(', ');
}

function moneyText({ costUsd, unpricedCalls, calls }: Usage): string {
  const unpriced = unpricedCalls === 0 ? '' : `${grouped(unpricedCalls)} unpriced`;
  // Of calls whose price nobody knows there is no sum to show.
  if (unpricedCalls > 0 && costUsd === 0 && unpricedCalls >= calls) return unpriced;
  const digits = costUsd > 0 && costUsd < 1 ? 4 : 2;
  const dollars = costUsd > 0 && costUsd < 0.00005 ? '<$0.0001' : `$${grouped(costUsd, digits)}`;
  return unpriced === '' ? dollars : `${dollars} + ${unpriced}`;
}

function grouped(value: number, digits = 0): string {
  return value.toLocaleString('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
}
