import { dateText } from '../../src/core/signatures/python/date-text';
import { isTextHash, textHash } from './pinning/text-hash';

/**
 * True when a value is the recorded one. Objects are compared by their own members whatever their order and class,
 * numbers by what they are (a whole `bigint` equals the same `number`), dates by what they print. Where a pin has a hash, the hash is compared.
 */
export function sameValue(expected: unknown, actual: unknown): boolean {
  if (Object.is(expected, actual)) return true;
  if (isTextHash(expected)) return actual !== undefined && textHash(actual).$sha256 === expected.$sha256;
  if (isNumeric(expected) && isNumeric(actual))
    return whole(expected) !== undefined && whole(expected) === whole(actual);
  if (expected instanceof Date) return actual instanceof Date && dateText(expected) === dateText(actual);
  if (expected instanceof Map) return sameValue(Object.fromEntries(expected), actual);
  if (Array.isArray(expected) || Array.isArray(actual)) {
    return (
      Array.isArray(expected) &&
      Array.isArray(actual) &&
      expected.length === actual.length &&
      expected.every((item, at) => sameValue(item, actual[at]))
    );
  }
  if (!isObject(expected) || !isObject(actual)) return false;
  const names = Object.keys(expected);
  return (
    names.length === Object.keys(actual).length &&
    names.every((name) => Object.hasOwn(actual, name) && sameValue(expected[name], actual[name]))
  );
}

function isNumeric(value: unknown): value is number | bigint {
  return typeof value === 'bigint' || typeof value === 'number';
}

/** The digits of a whole number, so that `1n` is `1`. */
function whole(value: number | bigint): string | undefined {
  return typeof value === 'bigint' || Number.isInteger(value) ? BigInt(value).toString() : undefined;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object';
}
