import type { LM, LMCapabilities, LMStats } from '../../../core/ports/lm';
import type { Price } from '../../../core/primitives/price';

const OPTIONAL = ['images', 'audio', 'logprobs', 'streaming', 'temperature', 'citations'] as const;

/** What all of them can do. Unknown stays unknown, unless one of them is known not to. */
export function commonCapabilities(lms: readonly LM[]): LMCapabilities {
  const all = lms.map(({ capabilities }) => capabilities);
  const every = (able: 'jsonMode' | 'jsonSchema' | 'functionCalling' | 'reasoning') => all.every((one) => one[able]);
  const optional: Partial<Record<(typeof OPTIONAL)[number], boolean>> = {};
  for (const able of OPTIONAL) {
    if (all.some((one) => one[able] === false)) optional[able] = false;
    else if (all.every((one) => one[able] === true)) optional[able] = true;
  }
  const longest = Math.min(...all.map(({ maxOutputTokens = Number.POSITIVE_INFINITY }) => maxOutputTokens));
  return Object.freeze({
    jsonMode: every('jsonMode'),
    jsonSchema: every('jsonSchema'),
    functionCalling: every('functionCalling'),
    reasoning: every('reasoning'),
    ...optional,
    ...(Number.isFinite(longest) ? { maxOutputTokens: longest } : {}),
  });
}

/** The highest of each price; `undefined` when one is not known. */
export function dearest(lms: readonly LM[]): Price | undefined {
  const prices: Price[] = [];
  for (const { price } of lms) {
    if (price === undefined) return undefined;
    prices.push(price, ...(price.long === undefined ? [] : [price.long]));
  }
  const [only] = prices;
  if (prices.every((price) => price === only)) return only;
  return {
    input: Math.max(...prices.map(({ input }) => input)),
    output: Math.max(...prices.map(({ output }) => output)),
  };
}

/** Sums; the breaker is as good as the best of them, and the pause as short as the shortest. */
export function sumOfStats(all: readonly LMStats[]): LMStats {
  const sum = (name: 'inFlight' | 'queued' | 'requests' | 'cacheHits' | 'shared') =>
    all.reduce((total, stats) => total + stats[name], 0);
  const limits = all.flatMap(({ limit }) => (limit === undefined ? [] : [limit]));
  const pauses = all.flatMap(({ pauseMs }) => (pauseMs === undefined ? [] : [pauseMs]));
  return {
    inFlight: sum('inFlight'),
    queued: sum('queued'),
    requests: sum('requests'),
    cacheHits: sum('cacheHits'),
    shared: sum('shared'),
    breaker:
      (['closed', 'half-open', 'open'] as const).find((state) => all.some((one) => one.breaker === state)) ?? 'none',
    ...(limits.length < all.length ? {} : { limit: limits.reduce((total, limit) => total + limit, 0) }),
    ...(pauses.length < all.length ? {} : { pauseMs: Math.min(...pauses) }),
  };
}
