import { shownValue, ValueParseError } from '../../errors/value-errors';
import { pythonStrip } from '../python/whitespace';

/** How close a value was to its type; a union takes the closest of its options. */
export const EXACT = 2;
/** A whole number for a `float`. */
export const STRICT = 1;
/** The value had to be converted. */
export const LAX = 0;

/** Where a value stands in the whole, and what became of it so far. */
export interface Progress {
  readonly path: readonly (string | number)[];
  /** The least of the conversions so far: `EXACT`, `STRICT`, `LAX`. */
  exactness: number;
  /** Fields of nested classes that the value gave; the measure by which a union chooses among classes. */
  fieldsSet: number | undefined;
  /** True where fields with an alias are known by their names too, whatever their class says. */
  readonly byName?: boolean;
}

const INTEGER = /^([+-]?)(\d+(?:_\d+)*)(?:\.0*)?$/;
const FLOAT = /^[+-]?(?:\d+(?:_\d+)*(?:\.(?:\d+(?:_\d+)*)?)?|\.\d+(?:_\d+)*)(?:[eE][+-]?\d+(?:_\d+)*)?$/;
const SPECIAL_FLOAT = /^([+-]?)(?:(inf|infinity)|nan)$/i;
const TRUE_WORDS = new Set(['1', 'on', 't', 'true', 'y', 'yes']);
const FALSE_WORDS = new Set(['0', 'off', 'f', 'false', 'n', 'no']);
/** Longest text that is tried as a number; more digits are an attack, not an answer. */
const MAX_DIGITS = 4300;

/** Throws the error of a value at its place. */
export function refuse(progress: Progress, wanted: string, value: unknown): never {
  throw new ValueParseError(`it must be ${wanted}, not ${shownValue(value)}`, progress.path);
}

/** A whole number: a `bigint` where a `number` would not be exact. */
export function toInt(value: unknown, progress: Progress): number | bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'number' && Number.isInteger(value))
    return Number.isSafeInteger(value) ? value + 0 : BigInt(value);
  progress.exactness = LAX;
  if (typeof value === 'boolean') return value ? 1 : 0;
  const digits = typeof value === 'string' && value.length <= MAX_DIGITS ? INTEGER.exec(pythonStrip(value)) : null;
  if (digits === null) return refuse(progress, 'a whole number', value);
  const whole = BigInt((digits[2] ?? '').replaceAll('_', ''));
  const signed = digits[1] === '-' ? -whole : whole;
  return Number.isSafeInteger(Number(signed)) ? Number(signed) : signed;
}

/** A number; `inf` and `nan` in any case are numbers too. */
export function toFloat(value: unknown, progress: Progress): number {
  if (typeof value === 'number') {
    if (Number.isInteger(value)) progress.exactness = Math.min(progress.exactness, STRICT);
    return value;
  }
  progress.exactness = Math.min(progress.exactness, typeof value === 'bigint' ? STRICT : LAX);
  if (typeof value === 'bigint') return Number(value);
  if (typeof value === 'boolean') return value ? 1 : 0;
  const text = typeof value === 'string' && value.length <= MAX_DIGITS ? pythonStrip(value) : '';
  if (FLOAT.test(text)) return Number(text.replaceAll('_', ''));
  const special = SPECIAL_FLOAT.exec(text);
  if (special === null) return refuse(progress, 'a number', value);
  if (special[2] === undefined) return Number.NaN;
  return special[1] === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
}

/** True or false; also 1 and 0, and the words people use. */
export function toBool(value: unknown, progress: Progress): boolean {
  if (typeof value === 'boolean') return value;
  progress.exactness = LAX;
  if (value === 1 || value === 0 || value === 1n || value === 0n) return Boolean(value);
  const word = typeof value === 'string' ? value.toLowerCase() : '';
  if (TRUE_WORDS.has(word)) return true;
  if (FALSE_WORDS.has(word)) return false;
  return refuse(progress, 'true or false', value);
}
