import { excerpt } from '../redact';
import { membersOf, stringOf } from '../wire/members';
import { errorOfFailure } from '../wire/provider-failure';
import { readBody } from '../wire/read-body';
import type { Exchange } from '../wire/wire-format';

/** The status that goes with a type of error, for errors that come without one: inside a stream. */
const STATUS: Readonly<Record<string, number>> = {
  invalid_request_error: 400,
  authentication_error: 401,
  billing_error: 402,
  permission_error: 403,
  not_found_error: 404,
  request_too_large: 413,
  rate_limit_error: 429,
  api_error: 500,
  timeout_error: 504,
  overloaded_error: 529,
};

/** The error of a body that says failure. Its type stands for the status where there is none (0). */
export function messagesFailure(text: string, { status, about, redact }: Exchange): Error {
  const body = readBody(text) ?? {};
  const error = membersOf(body['error']);
  const type = stringOf(error['type']);
  const message = stringOf(error['message']) ?? text;
  const details = membersOf(error['details']);
  const codes = [error['code'], error['error_code'], details['error_code'], details['code']].flatMap(
    (code) => stringOf(code) ?? [],
  );
  const requestId = about.requestId ?? stringOf(body['request_id']);
  return errorOfFailure(
    {
      status: status || (Object.hasOwn(STATUS, type ?? '') ? STATUS[type as string] : undefined) || 500,
      code: type === undefined ? undefined : excerpt(type, redact),
      codes,
      message: excerpt(message, redact),
      wording: message,
    },
    requestId === undefined ? about : { ...about, requestId: redact(requestId) },
  );
}
