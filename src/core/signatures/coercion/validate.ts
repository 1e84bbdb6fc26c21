import { ValueParseError } from '../../errors/value-errors';
import type { CustomTypeSpec, DictType, TupleType, TypeSpec } from '../type-spec';
import { toEnum, toLiteral } from './choices';
import { toDate, toDatetime, toTime, toTimedelta } from './dates';
import { toBytes, toComplex, toDecimal, toUuid } from './exact';
import { plainObject, toModel } from './model';
import { EXACT, LAX, type Progress, refuse, toBool, toFloat, toInt } from './scalars';
import { toUnion } from './union';

/** Deeper values are hostile; the tolerant reader stops before. */
const MAX_DEPTH = 200;

/**
 * The value as a value of the type, converted where pydantic's lax mode converts: `"3"` and `3.0` to an int, `"yes"` to a
 * bool, objects to instances of a nested class; with `byName` their fields are known by names as well as aliases. Throws `ValueParseError` with the path of the first misfit.
 */
export function validate(value: unknown, type: TypeSpec, byName = false): unknown {
  return convert(value, type, { path: [], exactness: EXACT, fieldsSet: undefined, byName });
}

/** As `validate`, for a part of a value. */
export function convert(value: unknown, type: TypeSpec, progress: Progress): unknown {
  if (progress.path.length > MAX_DEPTH) throw new ValueParseError(`it is nested deeper than ${MAX_DEPTH} levels`);
  switch (type.kind) {
    case 'any':
    case 'object':
      return value;
    case 'str':
      return typeof value === 'string' ? value : refuse(progress, 'a text', value);
    case 'int':
      return type.big ? BigInt(toInt(value, progress)) : toInt(value, progress);
    case 'float':
      return toFloat(value, progress);
    case 'bool':
      return toBool(value, progress);
    case 'none':
      return value === null ? null : refuse(progress, 'null', value);
    case 'date':
      return toDate(value, progress);
    case 'datetime':
      return toDatetime(value, progress);
    case 'time':
      return toTime(value, progress);
    case 'timedelta':
      return toTimedelta(value, progress);
    case 'decimal':
      return toDecimal(value, progress);
    case 'uuid':
      return toUuid(value, progress);
    case 'bytes':
      return toBytes(value, progress);
    case 'complex':
      return toComplex(value, progress);
    case 'literal':
      return toLiteral(value, type, progress);
    case 'enum':
      return toEnum(value, type, progress);
    case 'union':
      return toUnion(value, type, progress, convert);
    case 'list':
      return items(value, 'a list', progress).map((item, at) => part(item, type.item, at, progress));
    case 'set':
    case 'frozenset':
      return unique(items(value, 'a list', progress).map((item, at) => part(item, type.item, at, progress)));
    case 'tuple':
      return tuple(value, type, progress);
    case 'dict':
      return dict(value, type, progress);
    case 'model':
      return toModel(value, type, progress, part);
    case 'custom':
      return custom(value, type, progress);
  }
}

/** A value of a custom type as its class reads it; the error says where it stands. */
function custom(value: unknown, type: CustomTypeSpec, progress: Progress): unknown {
  try {
    const parsed = type.behaviour.parse(value);
    if (parsed !== value) progress.exactness = LAX;
    return parsed;
  } catch (error) {
    if (!(error instanceof ValueParseError)) throw error;
    const inner = error.path === '' ? [] : error.path.split('.');
    throw new ValueParseError(error.problem, [...progress.path, ...inner], { cause: error });
  }
}

/** Converts a member, and passes on how close it was. */
function part(value: unknown, type: TypeSpec | undefined, key: string | number, progress: Progress): unknown {
  if (type === undefined) return value;
  const inner: Progress = { ...progress, path: [...progress.path, key], exactness: EXACT, fieldsSet: undefined };
  const converted = convert(value, type, inner);
  progress.exactness = Math.min(progress.exactness, inner.exactness);
  if (inner.fieldsSet !== undefined) progress.fieldsSet = (progress.fieldsSet ?? 0) + inner.fieldsSet;
  return converted;
}

function items(value: unknown, wanted: string, progress: Progress): readonly unknown[] {
  if (Array.isArray(value)) return value;
  return value instanceof Set ? [...value] : refuse(progress, wanted, value);
}

function tuple(value: unknown, type: TupleType, progress: Progress): readonly unknown[] {
  const given = items(value, 'a list', progress);
  if (!type.variadic && given.length !== type.items.length) {
    return refuse(progress, `a list of ${type.items.length} items`, value);
  }
  return given.map((item, at) => part(item, type.variadic ? type.items[0] : type.items[at], at, progress));
}

/** Without the repetitions; `1` and `true` are one, as in Python, and so are tuples of the same items. */
function unique(values: readonly unknown[]): readonly unknown[] {
  const seen = new Set<unknown>();
  return values.filter((value) => {
    const key = Array.isArray(value) ? JSON.stringify(value.map(hashed)) : hashed(value);
    return seen.has(key) ? false : seen.add(key);
  });
}

function hashed(value: unknown): unknown {
  if (typeof value === 'bigint') return `${value}n`;
  return typeof value === 'boolean' ? Number(value) : value;
}

function dict(value: unknown, type: DictType, progress: Progress): object {
  const entries = value instanceof Map ? [...value] : Object.entries(plainObject(value, 'an object', progress));
  const converted = entries.map(([key, member]): [string, unknown] => [
    dictKey(key, type.key, progress),
    part(member, type.value, String(key), progress),
  ]);
  return Object.fromEntries(converted);
}

/** JavaScript's keys are texts, whatever the type of the key says; it still decides which keys are right. */
function dictKey(key: unknown, type: TypeSpec | undefined, progress: Progress): string {
  return String(type === undefined ? key : part(key, type, String(key), progress));
}
