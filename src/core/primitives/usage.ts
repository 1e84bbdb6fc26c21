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
