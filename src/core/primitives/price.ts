import type { Usage } from './usage';

/** What tokens cost, in US dollars per million. */
export interface TokenPrice {
  readonly input: number;
  /** Input that the provider did not compute again; default the price of `input`, so that the sum is never too low. */
  readonly cachedInput?: number;
  readonly output: number;
}

/** What a model costs. */
export interface Price extends TokenPrice {
  /** Other prices for requests with more input tokens than this. */
  readonly long?: TokenPrice & { readonly above: number };
}

/** Nothing, and that is known: a model on this machine. */
export const FREE: Price = Object.freeze({ input: 0, output: 0 });

/** US dollars for the tokens of one answer. */
export function costOf(usage: Pick<Usage, 'inputTokens' | 'cachedInputTokens' | 'outputTokens'>, price: Price): number {
  const { inputTokens, outputTokens } = usage;
  const {
    input,
    cachedInput = input,
    output,
  } = price.long !== undefined && inputTokens > price.long.above ? price.long : price;
  const again = Math.min(inputTokens, usage.cachedInputTokens);
  return ((inputTokens - again) * input + again * cachedInput + outputTokens * output) / 1_000_000;
}

/** The most that so many tokens can cost, whatever the provider need not compute again. */
export function mostCost(inputTokens: number, outputTokens: number, price: Price): number {
  const counts = { inputTokens, outputTokens, cachedInputTokens: 0 };
  return Math.max(costOf(counts, price), costOf(counts, { input: price.input, output: price.output }));
}

/** The usage with its money, when a price is known; what the provider has priced itself stays. */
export function priced(usage: Usage, price: Price | undefined): Usage {
  if (price === undefined || usage.unpricedCalls === 0) return usage;
  return { ...usage, costUsd: usage.costUsd + costOf(usage, price), unpricedCalls: 0 };
}
