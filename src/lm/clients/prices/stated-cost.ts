import type { Usage } from '../../../core/primitives/usage';

/**
 * The money in a usage object that a server sent (`usage.cost` of OpenRouter, in US dollars): the server's own word comes before any
 * table. Empty when it says nothing that can be a price.
 */
export function statedCost(
  counts: Readonly<Record<string, unknown>>,
): Pick<Usage, 'costUsd' | 'unpricedCalls'> | Record<string, never> {
  const cost = counts['cost'];
  const stated = typeof cost === 'number' && Number.isFinite(cost) && cost >= 0;
  return stated ? { costUsd: cost, unpricedCalls: 0 } : {};
}
