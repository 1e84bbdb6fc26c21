import { JsonParseError } from '../errors/value-errors';
import { MAX_JSON_BYTES, MAX_JSON_DEPTH, parseJson } from './json';
import { NOTHING, TolerantReader } from './tolerant/reader';

/** Whole numbers of so many digits may not fit a `number`. */
const MANY_DIGITS = 16;
/** Longest text that is repaired: guessing costs far more than strict reading, and must end within 50 ms. */
const MAX_REPAIRED_CHARACTERS = 64 * 1024;
/** What Python's JSON knows beside JSON. */
const SPECIALS = new Map([
  ['NaN', Number.NaN],
  ['Infinity', Number.POSITIVE_INFINITY],
  ['-Infinity', Number.NEGATIVE_INFINITY],
]);

/**
 * The value of a JSON text as models write it: strict JSON when it is, else whatever objects and lists can be made out.
 * Several are a list, but one that repeats the shape of the one before it replaces it, unless a comma stands between. A whole number
 * beyond 2^53 is a `bigint`; a key `__proto__` is an ordinary member. Linear in the length of the text, bounded in depth and
 * size. Throws `JsonParseError` when there is nothing to be found, or more than 64 Ki characters of broken text.
 */
export function readTolerantJson(text: string): unknown {
  if (text.length * 3 > MAX_JSON_BYTES && Buffer.byteLength(text) > MAX_JSON_BYTES) {
    throw new JsonParseError(`it is longer than ${MAX_JSON_BYTES} bytes`);
  }
  if (!hasManyDigits(text)) {
    try {
      return parseJson(text);
    } catch (error) {
      if (!(error instanceof JsonParseError)) throw error;
    }
  } else if (/^\s*-?\d+\s*$/.test(text) && text.length <= 4300) return BigInt(text.trim());
  const special = SPECIALS.get(text.length < 64 ? text.trim() : '');
  if (special !== undefined) return special;
  const braced = missingOpeningBrace(text);
  if (braced !== undefined) return braced;
  if (text.length > MAX_REPAIRED_CHARACTERS) {
    throw new JsonParseError(`it is broken, and too long to be repaired (${text.length} characters)`);
  }
  const found = readAll(text);
  if (found.length === 0) throw new JsonParseError('there is no object or list in it');
  return found.length === 1 ? found[0] : found;
}

/** `readTolerantJson`, or `undefined` (which no JSON text means) where it finds nothing. */
export function findTolerantJson(text: string): unknown {
  try {
    return readTolerantJson(text);
  } catch (error) {
    if (error instanceof JsonParseError) return undefined;
    throw error;
  }
}

/** True when a run of so many digits is in the text. Such a run covers one of the places looked at, so few characters are read. */
function hasManyDigits(text: string): boolean {
  for (let at = MANY_DIGITS - 1; at < text.length; at += MANY_DIGITS) {
    if (!isDigit(text.charCodeAt(at))) continue;
    let from = at;
    while (from > 0 && isDigit(text.charCodeAt(from - 1))) from--;
    let to = at + 1;
    while (to - from < MANY_DIGITS && isDigit(text.charCodeAt(to))) to++;
    if (to - from >= MANY_DIGITS) return true;
  }
  return false;
}

function isDigit(unit: number): boolean {
  return unit >= 0x30 && unit <= 0x39;
}

function readAll(text: string): readonly unknown[] {
  const reader = new TolerantReader(text, MAX_JSON_DEPTH);
  const found: unknown[] = [];
  let first = true;
  for (let value = reader.nextTop(); value !== NOTHING; value = reader.nextTop()) {
    const last = found.at(-1);
    if (!first && isEmpty(value)) continue;
    if (!first && (isEmpty(last) || (!reader.afterTopComma && sameShape(last, value)))) found.pop();
    found.push(value);
    first = false;
  }
  return found;
}

function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || Object.keys(value).length === 0;
}

/** Same kinds of values under the same keys: the second is a corrected copy of the first. */
function sameShape(a: unknown, b: unknown): boolean {
  if (a === null || b === null || typeof a !== 'object' || typeof b !== 'object') return kindOf(a) === kindOf(b);
  if (Array.isArray(a) !== Array.isArray(b)) return false;
  const keys = Object.keys(a);
  if (keys.length !== Object.keys(b).length) return false;
  return keys.every((key) => Object.hasOwn(b, key) && sameShape((a as Members)[key], (b as Members)[key]));
}

type Members = Record<string, unknown>;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return typeof value === 'bigint' ? 'number' : typeof value;
}

/** `"a": 1}`: strict JSON but for the first brace. */
function missingOpeningBrace(text: string): unknown {
  if (!/^\s*["']/.test(text) || !text.trimEnd().endsWith('}')) return undefined;
  try {
    return parseJson(`{${text}`);
  } catch {
    return undefined;
  }
}
