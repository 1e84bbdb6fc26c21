import { pythonFloat } from '../python/number';
import { LAX, type Progress, refuse } from './scalars';
import { decimalText } from './texts/decimal';

const UUID =
  /^(?:(urn:uuid:|\{)?([\da-f]{8})-([\da-f]{4})-([\da-f]{4})-([\da-f]{4})-([\da-f]{12})(\})?|([\da-f]{32}))$/i;
const REAL = '(?:\\d+(?:_\\d+)*(?:\\.(?:\\d+(?:_\\d+)*)?)?|\\.\\d+)(?:[eE][+-]?\\d+)?';
const COMPLEX = new RegExp(`^(?:([+-]?${REAL})(?:([+-](?:${REAL})?)[jJ])?|([+-]?(?:${REAL})?)[jJ])$`);
const MAX_CHARACTERS = 200;

/** A decimal number as text with all its digits: `1.10`. A number keeps the digits it has: `1000.0` where it was `1e3`. */
export function toDecimal(value: unknown, progress: Progress): string {
  progress.exactness = LAX;
  const text = typeof value === 'number' && !Number.isInteger(value) ? pythonFloat(value) : String(value);
  const isNumber = typeof value === 'string' || typeof value === 'number' || typeof value === 'bigint';
  return (isNumber ? decimalText(text) : undefined) ?? refuse(progress, 'a decimal number', value);
}

/** A UUID in its usual form: lower case, with hyphens. */
export function toUuid(value: unknown, progress: Progress): string {
  progress.exactness = LAX;
  const [, open, a = '', b = '', c = '', d = '', e = '', close, bare] =
    (typeof value === 'string' ? UUID.exec(value) : null) ?? [];
  const balanced = (open === '{') === (close === '}') && (open === undefined || open === '{' || open.startsWith('urn'));
  const digits = bare ?? `${a}${b}${c}${d}${e}`;
  if (digits.length !== 32 || !balanced) return refuse(progress, 'a UUID', value);
  return digits.toLowerCase().replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}

/** Bytes: those of a text in UTF-8. */
export function toBytes(value: unknown, progress: Progress): Uint8Array {
  if (value instanceof Uint8Array) return value;
  progress.exactness = LAX;
  return typeof value === 'string' ? new TextEncoder().encode(value) : refuse(progress, 'a text', value);
}

/** A complex number as text, `3+4j`. */
export function toComplex(value: unknown, progress: Progress): string {
  progress.exactness = LAX;
  if (typeof value === 'number') return `${partText(String(value))}+0j`;
  const text = typeof value === 'string' && value.length <= MAX_CHARACTERS ? value.trim() : '';
  const [, real, imaginary, only] = COMPLEX.exec(text.replace(/^\(\s*(.*?)\s*\)$/, '$1')) ?? [];
  if (only !== undefined) return `${partText(only)}j`;
  if (real === undefined) return refuse(progress, 'a complex number like 3+4j', value);
  const part = partText(imaginary ?? '+0');
  return `${partText(real)}${part.startsWith('-') ? '' : '+'}${part}j`;
}

/** One part of a complex number without an exponent or a needless fraction. */
function partText(text: string): string {
  const value = Number(/\d/.test(text) ? text.replaceAll('_', '') : `${text}1`);
  if (Object.is(value, -0)) return '-0';
  return Number.isInteger(value) ? BigInt(value).toString() : String(value);
}
