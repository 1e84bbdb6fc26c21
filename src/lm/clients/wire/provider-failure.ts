import { ModelNotFoundError, RequestTooLargeError } from '../../../core/errors/clients/request-errors';
import {
  ContextWindowExceededError,
  LMAuthError,
  LMContentFilterError,
  type LMError,
  type LMErrorDetails,
  LMInvalidRequestError,
  LMQuotaError,
  LMRateLimitError,
  LMServerError,
  LMTimeoutError,
} from '../../../core/errors/lm-errors';
import {
  CONTEXT_CODES,
  CONTEXT_WORDINGS,
  hasWording,
  MODEL_CODES,
  MODEL_WORDINGS,
  QUOTA_CODES,
  QUOTA_WORDINGS,
  SAFETY_CODES,
  SAFETY_WORDINGS,
  type Wording,
} from './provider-wordings';

/** Longest part of a provider's sentence that is searched for known wordings. */
const SEARCHED = 2000;

/** What a provider said about a failure. */
export interface ProviderFailure {
  readonly status: number;
  /** The provider's own code or type. */
  readonly code?: string | undefined;
  /** Further codes of the same failure, for providers that give several. */
  readonly codes?: readonly string[] | undefined;
  /** Its sentence, without secrets; may be empty. */
  readonly message: string;
  /** The whole sentence, when `message` is an excerpt; it is searched and never shown. */
  readonly wording?: string | undefined;
}

/** The error class for what a provider answered: codes first, then the wording, then the status (after DSPy, clients/errors.py). */
export function errorOfFailure(failure: ProviderFailure, details: LMErrorDetails): LMError {
  const { status, code, codes = [], message } = failure;
  const known: LMErrorDetails = { ...details, status, ...(code === undefined ? {} : { providerCode: code }) };
  const redirected =
    status >= 300 && status < 400 ? ' Redirects are not followed, because they would carry the key along.' : '';
  const said = `${message === '' ? 'no explanation.' : message}${redirected}`;
  const text = `The provider answered ${status}${code === undefined ? '' : ` (${code})`}: ${said}`;
  const all = [...(code === undefined ? [] : [code]), ...codes].map((one) => one.toLowerCase());
  const says = (names: ReadonlySet<string>) => all.some((one) => names.has(one));
  const wording = (failure.wording ?? message).slice(0, SEARCHED);
  const words = (wordings: readonly Wording[]) => hasWording(wording, wordings);
  const client = status >= 400 && status < 500;

  if (status === 402 || says(QUOTA_CODES)) return new LMQuotaError(text, known);
  if (says(CONTEXT_CODES)) return new ContextWindowExceededError(text, known);
  if (says(SAFETY_CODES)) return new LMContentFilterError(text, known);
  if (client && words(QUOTA_WORDINGS)) return new LMQuotaError(text, known);
  if ([400, 413, 422].includes(status) && words(CONTEXT_WORDINGS)) return new ContextWindowExceededError(text, known);
  if (isModelFailure()) return new ModelNotFoundError(text, known);
  if ([400, 403].includes(status) && words(SAFETY_WORDINGS)) return new LMContentFilterError(text, known);
  if (status === 401 || status === 403) return new LMAuthError(text, known);
  if (status === 429) return new LMRateLimitError(text, known);
  if (status === 408 || status === 504) return new LMTimeoutError(text, known);
  // A conflict may be gone a moment later.
  if (status === 409) return new LMInvalidRequestError(text, { ...known, shouldRetry: known.shouldRetry ?? true });
  if (status === 413) return new RequestTooLargeError(text, known);
  if (status >= 500) return new LMServerError(text, known);
  return new LMInvalidRequestError(text, known);

  function isModelFailure(): boolean {
    return [400, 403, 404].includes(status) && (says(MODEL_CODES) || words(MODEL_WORDINGS));
  }
}
