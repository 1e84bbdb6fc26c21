/** Response headers, as undici gives them. */
export type HeaderFields = Readonly<Record<string, string | string[] | undefined>>;

/** One value of a header; the first when it came several times. */
export function headerOf(headers: HeaderFields, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}

/**
 * How long the server asks us to wait, in milliseconds: `retry-after-ms` (0 means at once), else `retry-after` in
 * seconds or as an HTTP date. Negative, unreadable and past values say nothing; an enormous one is kept, so that whoever
 * has a deadline fails at once instead of waiting.
 */
export function retryAfterOf(headers: HeaderFields, nowMs: number): number | undefined {
  return (
    readNumber(headerOf(headers, 'retry-after-ms'), 1) ??
    readNumber(headerOf(headers, 'retry-after'), 1000) ??
    readDate(headerOf(headers, 'retry-after'), serverNow(headers, nowMs))
  );
}

/** The server's own word on whether a retry makes sense. */
export function shouldRetryOf(headers: HeaderFields): boolean | undefined {
  const word = headerOf(headers, 'x-should-retry')?.trim().toLowerCase();
  return word === 'true' ? true : word === 'false' ? false : undefined;
}

function readNumber(text: string | undefined, unitMs: number): number | undefined {
  if (text === undefined || text.trim() === '') return undefined;
  const number = Number(text);
  if (!Number.isFinite(number) || number < 0) return undefined;
  return Math.min(number * unitMs, Number.MAX_SAFE_INTEGER);
}

/** A date is meant by the clock of the server, which says in `date` what that shows; ours may be an hour off. */
function serverNow(headers: HeaderFields, nowMs: number): number {
  const theirs = Date.parse(headerOf(headers, 'date') ?? '');
  return Number.isNaN(theirs) ? nowMs : theirs;
}

function readDate(text: string | undefined, nowMs: number): number | undefined {
  // Number-like texts were read above; Date.parse would take '-5' for a year.
  if (text === undefined || !/[a-z]/iu.test(text)) return undefined;
  const waitMs = Date.parse(text) - nowMs;
  return waitMs > 0 ? waitMs : undefined;
}
