import type { LMErrorDetails } from '../../../core/errors/lm-errors';
import { wallClockMs } from '../../../core/util/clock';
import type { Redact } from '../redact';
import { type HeaderFields, headerOf, retryAfterOf, shouldRetryOf } from '../retry-after';

/** Who answered, with the provider's name of the request where it gives one. */
export function aboutAnswer(about: LMErrorDetails, headers: HeaderFields, redact: Redact): LMErrorDetails {
  const requestId = headerOf(headers, 'x-request-id') ?? headerOf(headers, 'request-id');
  return requestId === undefined ? about : { ...about, requestId: redact(requestId) };
}

/** The provider's name of the request, for its support; nothing where it gives none. */
export function requestIdOf(headers: HeaderFields, redact: Redact): Pick<LMErrorDetails, 'requestId'> {
  return aboutAnswer({}, headers, redact);
}

/** What the headers of a failure say about trying again: how long to wait, and whether at all. */
export function waitOf(headers: HeaderFields): Pick<LMErrorDetails, 'retryAfterMs' | 'shouldRetry'> {
  const retryAfterMs = retryAfterOf(headers, wallClockMs());
  const shouldRetry = shouldRetryOf(headers);
  return {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(shouldRetry === undefined ? {} : { shouldRetry }),
  };
}
