import { ValueParseError } from '../../errors/value-errors';
import type { CustomTypeSpec, DictType, ModelType, TupleType, TypeSpec } from '../type-spec';
import { checkBounds } from './bounds';
import { toEnum, toLiteral } from './choices';
import { toDate, toDatetime } from './dates';
import { makeInstance } from './instance';
import { EXACT, LAX, type Progress, refuse, toBool, toFloat, toInt } from './scalars';
import { toUnion } from './union';

/** Deeper values are hostile; the tolerant reader stops before. */
const MAX_DEPTH = 200;

/**
 * The value as a value of the type, converted where pydantic's lax mode converts: `"3"` and `3.0` to an int, `"yes"` to a
 * bool, objects to instances of a nested class. Throws `ValueParseError` with the path of the first misfit.
 */
export function validate(value: unknown, type: TypeSpec): unknown {
  return convert(value, type, { path: [], exactness: EXACT, fieldsSet: undefined });
}

/** As `validate`, for a part of a value. */
export function convert(value: unknown, type: TypeSpec, progress: Progress): unknown {
  if (progress.path.length > MAX_DEPTH) throw new ValueParseError(`it is nested deeper than ${MAX_DEPTH} levels`);
  switch (type.kind) {
    case 'any':
      return value;
    case 'str':
      return typeof value === 'string' ? value : refuse(progress, 'a text', value);
    case 'int':
      return toInt(value, progress);
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
    case 'literal':
      return toLiteral(value, type, progress);
    case 'enum':
      return toEnum(value, type, progress);
    case 'union':
      return toUnion(value, type, progress, convert);
    case 'list':
      return items(value, 'a list', progress).map((item, at) => part(item, type.item, at, progress));
    case 'set':
      return unique(items(value, 'a list', progress).map((item, at) => part(item, type.item, at, progress)));
    case 'tuple':
      return tuple(value, type, progress);
    case 'dict':
      return dict(value, type, progress);
    case 'model':
      return model(value, type, progress);
    case 'custom':
      return custom(value, type, progress);
  }
}

/** A value of a custom type as its class reads it; the error says where it stands. */
function custom(value: unknown, type: CustomTypeSpec, progress: Progress): unknown {
  try {
    return type.behaviour.parse(value);
  } catch (error) {
    if (!(error instanceof ValueParseError)) throw error;
    const inner = error.path === '' ? [] : error.path.split('.');
    throw new ValueParseError(error.problem, [...progress.path, ...inner], { cause: error });
  }
}

/** Converts a member, and passes on how close it was. */
function part(value: unknown, type: TypeSpec | undefined, key: string | number, progress: Progress): unknown {
  if (type === undefined) return value;
  const inner: Progress = { path: [...progress.path, key], exactness: EXACT, fieldsSet: undefined };
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

/** Without the repetitions; `1` and `true` are one, as in Python. */
function unique(values: readonly unknown[]): readonly unknown[] {
  const seen = new Set<unknown>();
  return values.filter((value) => {
    const key = typeof value === 'boolean' ? Number(value) : value;
    return seen.has(key) ? false : seen.add(key);
  });
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

function plainObject(value: unknown, wanted: string, progress: Progress): object {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
  return isObject && !(value instanceof Set) ? (value as object) : refuse(progress, wanted, value);
}

function model(value: unknown, type: ModelType, progress: Progress): object {
  if (type.construct !== undefined && value instanceof type.construct) return value;
  progress.exactness = LAX;
  const given = plainObject(
    value instanceof Map ? Object.fromEntries(value) : value,
    `an object of the shape ${type.name}`,
    progress,
  );
  const fields: [string, unknown][] = [];
  let set = 0;
  for (const field of type.fields) {
    if (Object.hasOwn(given, field.name)) {
      const converted = part((given as Record<string, unknown>)[field.name], field.type, field.name, progress);
      checkBounds(converted, field.constraints ?? [], { ...progress, path: [...progress.path, field.name] });
      if (converted !== null || !field.omitted) fields.push([field.name, converted]);
      set++;
    } else if (field.omitted) {
      // an absent property is what the class declares
    } else if (field.default !== undefined) fields.push([field.name, structuredClone(field.default.value)]);
    else
      throw new ValueParseError(`the field ${field.name} of ${type.name} is missing`, [...progress.path, field.name]);
  }
  progress.fieldsSet = (progress.fieldsSet ?? 0) + set;
  return makeInstance(type, Object.fromEntries(fields));
}
