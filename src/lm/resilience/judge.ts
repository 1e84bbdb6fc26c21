import {
  isRetryable,
  LMClosedError,
  LMError,
  LMInvalidResponseError,
  LMQueueFullError,
  LMQuotaError,
  LMRateLimitError,
  LMServerError,
  LMTimeoutError,
  LMTransportError,
} from '../../core/errors/lm-errors';
import type { Verdict } from './breaker/breaker';
import type { LimitSign } from './limiter/limiter-options';
import type { RetryAdvice } from './retry/retry';

/** Transport faults, timeouts and 5xx count against a provider; never a 4xx, because one bad request must not block it. */
export function judge(error: unknown): Verdict {
  if (!(error instanceof LMError) || error instanceof LMClosedError || error instanceof LMQueueFullError)
    return 'unknown';
  const { status } = error.details;
  const down =
    error instanceof LMTransportError ||
    error instanceof LMTimeoutError ||
    error instanceof LMServerError ||
    isCutShort(error);
  if (down && (status === undefined || status >= 500)) return 'failure';
  // What was never sent shows nothing about the other side.
  return error.attempts === 0 ? 'unknown' : 'answered';
}

/** A connection that ends in the middle of an answer is a fault of the transport, whatever the error is called. */
function isCutShort(error: LMError): boolean {
  return (
    error instanceof LMInvalidResponseError &&
    /^(UND_|HPE_)/u.test(error.details.providerCode ?? '') &&
    error.details.shouldRetry !== false
  );
}

/** What a failure says about trying again. */
export function retryAdvice(error: unknown): RetryAdvice {
  if (!(error instanceof LMError)) return { retryable: false };
  const { retryAfterMs, maxRetries = error.details.providerCode === 'ENOTFOUND' ? 1 : undefined } = error.details;
  const { status = 0 } = error.details;
  return {
    retryable: isRetryable(error),
    retryAfterMs,
    maxRetries,
    timeout: error instanceof LMTimeoutError,
    // A 429 is the limiter's business: a burst of them must not end the retries of all calls.
    answered: error instanceof LMRateLimitError || (status >= 400 && status < 500),
  };
}

/** What a failure says about the limits of the provider. */
export function limitSign(error: unknown): LimitSign | undefined {
  if (error instanceof LMQuotaError) return { kind: 'stop' };
  if (!(error instanceof LMRateLimitError)) return undefined;
  return { kind: 'slow-down', retryAfterMs: error.details.retryAfterMs };
}
