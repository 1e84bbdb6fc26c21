import {
  LMClosedError,
  LMError,
  LMQueueFullError,
  LMServerError,
  LMTimeoutError,
  LMTransportError,
} from '../../core/errors/lm-errors';
import type { Verdict } from './breaker/breaker';

/** Transport faults, timeouts and 5xx count against a provider; never a 4xx, because one bad request must not block it. */
export function judge(error: unknown): Verdict {
  if (!(error instanceof LMError) || error instanceof LMClosedError || error instanceof LMQueueFullError)
    return 'unknown';
  const { status } = error.details;
  const down = error instanceof LMTransportError || error instanceof LMTimeoutError || error instanceof LMServerError;
  return down && (status === undefined || status >= 500) ? 'failure' : 'answered';
}

/** How long the other side asked us to wait, in milliseconds. */
export function retryAfterMs(error: unknown): number | undefined {
  return error instanceof LMError ? error.details.retryAfterMs : undefined;
}
