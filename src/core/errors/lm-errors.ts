import type { Usage } from '../primitives/usage';
import { DspexError, type DspexErrorOptions } from './dspex-error';

/** Facts about a failed call to a language model; every one is optional because not every failure knows it. */
export interface LMErrorDetails extends DspexErrorOptions {
  /** Who was asked, for example `anthropic`; the host of a server without a name. */
  readonly provider?: string;
  readonly model?: string;
  readonly endpoint?: string;
  /** HTTP status of the last attempt. */
  readonly status?: number;
  /** The provider's own error code, for example `insufficient_quota`. */
  readonly providerCode?: string;
  readonly requestId?: string;
  /** How long the server asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number;
  /** The server's own word on whether a retry makes sense (`x-should-retry`); it beats the class. */
  readonly shouldRetry?: boolean;
  /** Most retries that make sense after this failure; absent means as many as the client makes. */
  readonly maxRetries?: number;
  /** What had come of a streamed answer when it broke. */
  readonly partial?: PartialResponse;
}

/** The part of an answer that came before its stream broke. */
export interface PartialResponse {
  /** The text of each completion so far. */
  readonly texts: readonly string[];
  /** What the provider had counted so far. */
  readonly usage: Usage;
}

/**
 * A call to a language model failed. `retryable` says whether the same request may succeed later; `outage` says that
 * the model was not reached, so the failure tells nothing about the program (an optimizer must never rank by it).
 */
export abstract class LMError extends DspexError {
  readonly details: LMErrorDetails;
  /** Requests sent on behalf of the call, this one included; the resilience layer updates it. */
  attempts = 1;

  constructor(message: string, details: LMErrorDetails = {}) {
    super(details.model === undefined ? message : `[${details.model}] ${message}`, details);
    this.details = details;
  }

  /** Who was asked, for example `anthropic`. */
  get provider(): string | undefined {
    return this.details.provider;
  }

  get model(): string | undefined {
    return this.details.model;
  }

  /** HTTP status of the last attempt. */
  get status(): number | undefined {
    return this.details.status;
  }

  /** The provider's id of the failed request, for its support. */
  get requestId(): string | undefined {
    return this.details.requestId;
  }

  /** How long the server asked us to wait, in milliseconds. */
  get retryAfter(): number | undefined {
    return this.details.retryAfterMs;
  }

  abstract readonly retryable: boolean;
  abstract readonly outage: boolean;
}

/** The connection failed: refused, reset, no such host, broken off. */
export class LMTransportError extends LMError {
  readonly code = 'LM_TRANSPORT';
  readonly retryable = true;
  readonly outage = true;
}

/** A deadline passed: of the whole call, of the first byte, or of the gap between two events. */
export class LMTimeoutError extends LMError {
  readonly code = 'LM_TIMEOUT';
  readonly retryable = true;
  readonly outage = true;
}

/** 429: too many requests or tokens a minute. */
export class LMRateLimitError extends LMError {
  readonly code = 'LM_RATE_LIMIT';
  readonly retryable = true;
  readonly outage = true;
}

/** The account has no money or quota left; waiting does not help. */
export class LMQuotaError extends LMError {
  readonly code = 'LM_QUOTA';
  readonly retryable = false;
  readonly outage = true;
}

/** 5xx: the provider failed. */
export class LMServerError extends LMError {
  readonly code = 'LM_SERVER';
  readonly retryable = true;
  readonly outage = true;
}

/** 401 or 403: the key is missing, wrong, or may not use this model. */
export class LMAuthError extends LMError {
  readonly code: string = 'LM_AUTH';
  readonly retryable = false;
  readonly outage = true;
}

/** The provider wants a key and none was given: no request was sent. */
export class MissingApiKeyError extends LMAuthError {
  override readonly code = 'MISSING_API_KEY';

  constructor(variable: string, details: LMErrorDetails = {}) {
    super(`There is no API key: set the environment variable ${variable}, or give the option apiKey.`, details);
    this.attempts = 0;
  }
}

/** The provider refused the request itself (400, 404, 413, 422). */
export class LMInvalidRequestError extends LMError {
  readonly code: string = 'LM_INVALID_REQUEST';
  readonly retryable = false;
  readonly outage = false;
}

/** The prompt and the answer together do not fit into the model. */
export class ContextWindowExceededError extends LMInvalidRequestError {
  override readonly code = 'CONTEXT_WINDOW_EXCEEDED';
}

/** The provider answered 200 with something that is no completion. */
export class LMInvalidResponseError extends LMError {
  readonly code = 'LM_INVALID_RESPONSE';
  readonly retryable = true;
  readonly outage = true;
}

/** The model declined to answer. It says something about the prompt, so it is no outage. */
export class LMRefusalError extends LMError {
  readonly code = 'LM_REFUSAL';
  readonly retryable = false;
  readonly outage = false;
}

/** The provider's filter withheld the answer. */
export class LMContentFilterError extends LMError {
  readonly code = 'LM_CONTENT_FILTER';
  readonly retryable = false;
  readonly outage = false;
}

/** The model ended without saying anything: no text and no tool call. */
export class LMEmptyAnswerError extends LMError {
  readonly code = 'LM_EMPTY_ANSWER';
  readonly retryable = false;
  readonly outage = false;
}

/** `lm('provider/model')` or `embedder(...)` names a provider that dspex does not know. */
export class UnknownProviderError extends DspexError {
  readonly code = 'UNKNOWN_PROVIDER';

  /** `maker` is the function that was given the name. */
  constructor(name: string, providers: readonly string[], maker: 'lm' | 'embedder' = 'lm') {
    super(
      `${maker}('${name}') names no known provider. Write 'provider/model' with one of: ${providers.join(', ')}; ` +
        'or give the option baseUrl for any other server that speaks the OpenAI protocol.',
    );
  }
}

/** The breaker of this client is open: no request was sent. */
export class CircuitOpenError extends LMError {
  readonly code = 'CIRCUIT_OPEN';
  readonly retryable = false;
  readonly outage = true;
  /** When the breaker opened and when it lets the next probe through, in milliseconds since the epoch. */
  readonly since: Date;
  readonly until: Date;

  constructor(client: string, since: Date, until: Date, details: LMErrorDetails = {}) {
    super(`The circuit of ${client} is open until ${until.toISOString()}: no request was sent.`, details);
    this.attempts = 0;
    this.since = since;
    this.until = until;
  }
}

/** The limiter's queue is full: no request was sent. */
export class LMQueueFullError extends LMError {
  readonly code = 'LM_QUEUE_FULL';
  readonly retryable = false;
  readonly outage = true;
}

/** The LM was closed while or before it was called. */
export class LMClosedError extends LMError {
  readonly code = 'LM_CLOSED';
  readonly retryable = false;
  readonly outage = true;
  /** A closed client sends nothing. */
  override attempts = 0;
}

/** True when the same request may succeed later. The server's own word comes first. */
export function isRetryable(error: unknown): boolean {
  return error instanceof LMError && (error.details.shouldRetry ?? error.retryable);
}

/** True when the model was not reached, so that the failure says nothing about the program. */
export function isOutage(error: unknown): boolean {
  return error instanceof LMError && error.outage;
}
