import { ValueParseError } from '../errors/value-errors';
import { findTolerantJson } from '../util/tolerant-json';
import { toEnum } from './coercion/choices';
import { EXACT } from './coercion/scalars';
import { validate } from './coercion/validate';
import { dumpValue } from './python/dump';
import { readPythonLiteral } from './python/literal';
import { pythonFloat } from './python/number';
import { pythonStrip } from './python/whitespace';
import { dumpedText } from './python-text';
import type { LiteralType, TypeSpec } from './type-spec';

const FRACTION = /^\s*-?(?:\d+\.\d*|\.\d+|\d+(?=[eE]))(?:[eE][+-]?\d+)?\s*$/;
/** As many digits as every float keeps. */
const EXACT_DIGITS = 15;
const WRAPPED_LITERAL = /^(?:Literal|str)\[([\s\S]*)\]$/;

/**
 * The value of a type that a model's text stands for: JSON as models write it, Python's literals, bare words. What is no
 * text is converted as it is. Throws `ValueParseError`. Linear in the length of the text.
 */
export function parseValue(given: unknown, type: TypeSpec): unknown {
  if (type.kind === 'str') return typeof given === 'string' ? given : dumpedText(dumpValue(given, undefined));
  // Most answers in JSON are texts and numbers already.
  if (type.kind === 'float' && typeof given === 'number') return given;
  if (type.kind === 'enum') return toEnum(given, type, { path: [], exactness: EXACT, fieldsSet: undefined }, true);
  if (typeof given !== 'string') return validate(given, type);
  if (type.kind === 'literal') return parseLiteral(given, type);
  if (readsText(type)) return parseCustom(given, type);
  if (type.kind === 'decimal' && FRACTION.test(given)) return parseDecimal(given);
  return validate(keepsText(type) ? given : readText(given), type);
}

function readsText(type: TypeSpec): boolean {
  if (type.kind === 'union') return type.options.some((option) => option.kind === 'custom' && option.behaviour.textToo);
  return type.kind === 'custom';
}

/** What the text stands for, else the text itself: code, reasoning and files are written without JSON. */
function parseCustom(text: string, type: TypeSpec): unknown {
  try {
    return validate(readText(text), type);
  } catch (error) {
    if (!(error instanceof ValueParseError)) throw error;
    return validate(text, type);
  }
}

/** A bare number as the reference reads it, by way of a float; but where a float would lose digits, all of them. */
function parseDecimal(text: string): unknown {
  const digits = text.replace(/[eE].*/, '').replace(/^[-0.\s]+|\D/g, '');
  return validate(digits.length > EXACT_DIGITS ? text : pythonFloat(Number(text)), { kind: 'decimal' });
}

/** The exact text first, then without blanks, `Literal[...]` and one pair of quotes, then as JSON. */
function parseLiteral(text: string, type: LiteralType): unknown {
  const values: readonly unknown[] = type.values;
  if (values.includes(text)) return text;
  const stripped = pythonStrip(text);
  const bare = unquoted(WRAPPED_LITERAL.exec(stripped)?.[1] ?? stripped);
  return values.includes(bare) ? bare : validate(readText(bare), type);
}

function unquoted(text: string): string {
  const quote = text[0];
  const isQuoted = text.length > 1 && (quote === '"' || quote === "'") && text.endsWith(quote);
  return isQuoted ? text.slice(1, -1) : text;
}

/** An optional text keeps what was written: `null` could be the very word. */
function keepsText(type: TypeSpec): boolean {
  const has = (kind: TypeSpec['kind']) => type.kind === 'union' && type.options.some((option) => option.kind === kind);
  return has('none') && has('str');
}

/** What a text stands for: JSON, however sloppy, else a Python literal, else itself. */
function readText(text: string): unknown {
  if (text === '') return text;
  const value = findTolerantJson(text);
  if (value !== undefined && value !== '') return value;
  const literal = readPythonLiteral(text);
  return literal === undefined ? text : literal.value;
}
