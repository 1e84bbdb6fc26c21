import {
  type LMError,
  type LMErrorDetails,
  LMInvalidResponseError,
  LMTimeoutError,
  LMTransportError,
} from '../../../core/errors/lm-errors';
import { refusal } from '../wire/refuse';

/** Where and for whom an exchange failed. */
export interface FailurePlace {
  readonly origin: string;
  readonly about: LMErrorDetails;
  readonly maxResponseBytes: number;
}

/** The typed error of whatever undici, the system or an unpacker has thrown. */
export function transportFailure(error: unknown, place: FailurePlace): LMError {
  const { origin, about } = place;
  dropForeignBytes(error);
  const code = codeOf(error);
  // The error of undici's parser holds what the server sent, which nobody has redacted.
  const cause = isParserError(error) ? {} : { cause: error };
  const details: LMErrorDetails = { ...about, providerCode: code, ...cause };
  switch (code) {
    case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
      return tooLong(place, error);
    case 'UND_ERR_INVALID_ARG':
      return refusal(
        'A header or the key holds a character that HTTP does not allow: check headers and the variable of the key.',
        about,
      );
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return new LMTimeoutError(`${origin} did not answer in time (${code}).`, details);
  }
  if (isUnpackCode(code)) {
    return new LMInvalidResponseError(`The answer of ${origin} could not be unpacked (${code}).`, details);
  }
  const message = error instanceof Error ? error.message : String(error);
  const failed = `The connection to ${origin} failed (${code}): ${message}. ${remedyFor(code)}`.trimEnd();
  // What is wrong with a certificate stays wrong; nothing is ever tried without it.
  if (isTlsCode(code)) return new LMTransportError(failed, { ...details, shouldRetry: false });
  // A name that does not exist is rarely there a moment later; that it cannot be looked up now may pass.
  return new LMTransportError(failed, code === 'ENOTFOUND' ? { ...details, maxRetries: 1 } : details);
}

/** The same, for a whole body: one whose connection was closed in order before its end is an answer that is cut short. */
export function bodyFailure(error: unknown, place: FailurePlace): LMError {
  const failure = transportFailure(error, place);
  if (!CLOSED.includes(failure.details.providerCode ?? '')) return failure;
  const text = `The answer of ${place.origin} is cut short: the connection was closed before its end.`;
  return new LMInvalidResponseError(text, { ...failure.details });
}

/** How undici says that the other side closed in the middle of a body, framed by its length or in chunks. */
export const CLOSED: readonly string[] = ['UND_ERR_SOCKET', 'HPE_INVALID_EOF_STATE'];

/** The error of a body that is longer than we read. Asking again would bring it again. */
export function tooLong({ origin, about, maxResponseBytes }: FailurePlace, cause?: unknown): LMInvalidResponseError {
  return new LMInvalidResponseError(`The answer of ${origin} is longer than ${maxResponseBytes} bytes.`, {
    ...about,
    providerCode: 'UND_ERR_RES_EXCEEDED_MAX_SIZE',
    shouldRetry: false,
    ...(cause === undefined ? {} : { cause }),
  });
}

/** undici hangs what it could not read on its errors: a server may have given our own headers back in it. */
function dropForeignBytes(error: unknown): void {
  if (!(error instanceof Error)) return;
  for (const member of ['data', 'body', 'headers']) Reflect.deleteProperty(error, member);
  dropForeignBytes(error.cause);
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = (error as { code?: unknown } | null)?.code;
  if (isParserError(error)) return typeof code === 'string' ? code : 'HPE_UNKNOWN';
  return typeof code === 'string' ? code : 'unknown';
}

/** The server does not speak HTTP. */
function isParserError(error: unknown): boolean {
  return error instanceof Error && error.name === 'HTTPParserError';
}

function isTlsCode(code: string): boolean {
  return /CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|^UNABLE_TO_|^HOSTNAME_MISMATCH$/u.test(code);
}

/** The codes of zlib and of Brotli. */
function isUnpackCode(code: string): boolean {
  return /^(Z_|ERR__ERROR_|ERR_BROTLI)/u.test(code);
}

function remedyFor(code: string): string {
  if (code === 'ECONNREFUSED') return 'Is the server running, and is baseUrl right?';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Is the host name in baseUrl right, and is there a network?';
  if (isTlsCode(code)) return 'The certificate of the server could not be trusted.';
  return '';
}
