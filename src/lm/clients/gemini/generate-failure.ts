import { excerpt } from '../redact';
import { countOf, isMembers, listOf, membersOf, stringOf } from '../wire/members';
import { errorOfFailure } from '../wire/provider-failure';
import { readBody } from '../wire/read-body';
import type { Exchange } from '../wire/wire-format';

/** A refusal by a quota of a day is no rate limit: waiting seconds does not help. */
const DAILY = /per_?day|daily/iu;

/** The error of a body that says failure. Without a status of the exchange (0) the one in the body counts. */
export function generateFailure(text: string, { status, about, redact }: Exchange): Error {
  // Some paths wrap the error into a list.
  const body = readBody(text) ?? readBody(text.trim().replace(/^\[|\]$/gu, '')) ?? {};
  const error = membersOf(body['error']);
  const details = listOf(error['details']).filter(isMembers);
  const code = stringOf(error['status']);
  const message = stringOf(error['message']) ?? text;
  const reasons = details.flatMap((detail) => stringOf(detail['reason']) ?? []);
  const quotas = details.flatMap((detail) => listOf(detail['violations']).filter(isMembers));
  const daily = quotas.some((quota) =>
    DAILY.test(`${stringOf(quota['quotaId']) ?? ''} ${stringOf(quota['quotaMetric']) ?? ''}`),
  );
  const real = status || countOf(error['code']) || 500;
  // A wrong key is told as a wrong argument.
  const wrongKey = reasons.some((reason) => /^API_KEY_/u.test(reason));
  const retryAfterMs = about.retryAfterMs ?? delayOf(details.find((detail) => 'retryDelay' in detail)?.['retryDelay']);
  return errorOfFailure(
    {
      status: wrongKey ? 401 : real,
      code: code === undefined ? undefined : excerpt(code, redact),
      codes: [...reasons, ...(daily ? ['quota_exceeded'] : [])],
      message: excerpt(message, redact),
      wording: message,
    },
    retryAfterMs === undefined ? about : { ...about, retryAfterMs },
  );
}

/** A duration such as `31s` or `0.5s`, in milliseconds. */
function delayOf(delay: unknown): number | undefined {
  const seconds =
    typeof delay === 'string' && delay.length < 20 && delay.endsWith('s') ? Number(delay.slice(0, -1)) : Number.NaN;
  return Number.isFinite(seconds) && seconds >= 0 ? Math.ceil(seconds * 1000) : undefined;
}
