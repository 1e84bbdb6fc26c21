import { LMError } from '../errors/lm-errors';
import { type Price, priced } from './price';
import { addUsage, NO_USAGE, type Usage } from './usage';

/**
 * What a call that failed may have cost: the requests that were sent in vain, and the tokens that a broken stream had brought.
 * `undefined` when nothing was sent.
 */
export function lostUsage(error: unknown, price?: Price): Usage | undefined {
  // A call that was given up from outside may have been sent.
  if (!(error instanceof LMError)) return { ...NO_USAGE, lostAttempts: 1 };
  const lost = { ...NO_USAGE, lostAttempts: error.attempts };
  const { partial } = error.details;
  if (partial === undefined) return error.attempts === 0 ? undefined : lost;
  return addUsage(lost, { ...priced(partial.usage, price), calls: 0 });
}
