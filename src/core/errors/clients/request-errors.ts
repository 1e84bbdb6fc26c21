import { LMInvalidRequestError } from '../lm-errors';

/** The model or deployment does not exist there, or this key may not see it. */
export class ModelNotFoundError extends LMInvalidRequestError {
  override readonly code = 'MODEL_NOT_FOUND';
}

/** The request has more bytes than the provider takes: usually images or files in the prompt. */
export class RequestTooLargeError extends LMInvalidRequestError {
  override readonly code = 'REQUEST_TOO_LARGE';
}
