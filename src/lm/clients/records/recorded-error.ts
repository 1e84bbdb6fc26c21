import { ModelNotFoundError, RequestTooLargeError } from '../../../core/errors/clients/request-errors';
import {
  ContextWindowExceededError,
  LMAuthError,
  LMContentFilterError,
  LMEmptyAnswerError,
  type LMError,
  type LMErrorDetails,
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMQuotaError,
  LMRateLimitError,
  LMRefusalError,
  LMServerError,
  LMTimeoutError,
  LMTransportError,
} from '../../../core/errors/lm-errors';

/** The failures that say something about the request or the server; others are of the moment, and are not recorded. */
const CLASSES: Readonly<Record<string, new (message: string, details?: LMErrorDetails) => LMError>> = {
  ContextWindowExceededError,
  LMAuthError,
  LMContentFilterError,
  LMEmptyAnswerError,
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMQuotaError,
  LMRateLimitError,
  LMRefusalError,
  LMServerError,
  LMTimeoutError,
  LMTransportError,
  ModelNotFoundError,
  RequestTooLargeError,
};

/** A failure as it stands in a recording. */
export interface WrittenError {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly details?: unknown;
}

/** True for a failure that can be replayed with its class. */
export function canBeRecorded(error: LMError): boolean {
  return CLASSES[error.name] === error.constructor;
}

/** The failure as data, without what is underneath it. */
export function writtenError(error: LMError): WrittenError {
  const { cause: _, ...details } = error.details;
  const prefix = details.model === undefined ? '' : `[${details.model}] `;
  return { name: error.name, message: error.message.slice(prefix.length), details };
}

/** The failure again, with its class. No request was sent for it now. Throws for what was not written by `writtenError`. */
export function recordedError({ name, message, details }: WrittenError): LMError {
  const Class = typeof name === 'string' && Object.hasOwn(CLASSES, name) ? CLASSES[name] : undefined;
  if (Class === undefined) throw new Error(`its error has the unknown class ${String(name)}`);
  const error = new Class(String(message), details as LMErrorDetails | undefined);
  error.attempts = 0;
  return error;
}
