import { ValueParseError } from '../errors/value-errors';
import { readTolerantJson } from '../util/tolerant-json';
import type { TypeSpec } from './type-spec';

/** The value of a type that a model's text stands for. Throws `ValueParseError`. */
export function parseValue(text: unknown, type: TypeSpec): unknown {
  if (type.kind === 'str') return typeof text === 'string' ? text : JSON.stringify(text);
  const value = typeof text === 'string' ? readTolerantJson(text) : text;
  if (value === '') throw new ValueParseError(`it is not a valid ${type.kind}`);
  return value;
}
