import { ValueParseError } from '../../errors/value-errors';
import type { ModelField, ModelType, TypeSpec } from '../type-spec';
import { checkBounds } from './bounds';
import { makeInstance } from './instance';
import { LAX, type Progress, refuse } from './scalars';

/** Converts a member of a value; handed in, because members may be of any type. */
export type ConvertPart = (
  value: unknown,
  type: TypeSpec | undefined,
  key: string | number,
  progress: Progress,
) => unknown;

/**
 * An instance of a nested class, or a plain object where there is no class: fields by their alias, or by their name where
 * the class says so or has none. Members that are no fields are dropped, kept or refused, as the class says.
 */
export function toModel(value: unknown, type: ModelType, progress: Progress, part: ConvertPart): object {
  if (type.construct !== undefined && value instanceof type.construct) return value;
  if (type.construct !== undefined) progress.exactness = LAX;
  const object = value instanceof Map ? Object.fromEntries(value) : value;
  const given = plainObject(object, `an object of the shape ${type.name}`, progress) as Record<string, unknown>;
  const fields: [string, unknown][] = [];
  const read = new Set<string>();
  for (const field of type.fields) {
    const key = keyIn(given, field, type.populateByName || progress.byName);
    if (key !== undefined) {
      const converted = part(given[key], field.type, key, progress);
      checkBounds(converted, field.constraints ?? [], { ...progress, path: [...progress.path, key] });
      if (converted !== null || !field.omitted) fields.push([field.name, converted]);
      read.add(key);
    } else if (field.omitted || field.required === false) {
      // an absent property is what the class declares
    } else if (field.default !== undefined) fields.push([field.name, structuredClone(field.default.value)]);
    else {
      const name = field.alias ?? field.name;
      throw new ValueParseError(`the field ${name} of ${type.name} is missing`, [...progress.path, name]);
    }
  }
  progress.fieldsSet = (progress.fieldsSet ?? 0) + read.size;
  return makeInstance(type, Object.fromEntries([...fields, ...extras(given, read, type, progress)]));
}

/** The value as an object with members. Throws `ValueParseError` for anything else. */
export function plainObject(value: unknown, wanted: string, progress: Progress): object {
  const isObject = value !== null && typeof value === 'object' && !Array.isArray(value) && !(value instanceof Date);
  return isObject && !(value instanceof Set) ? (value as object) : refuse(progress, wanted, value);
}

function keyIn(given: object, { name, alias }: ModelField, byName: boolean | undefined): string | undefined {
  if (alias !== undefined && Object.hasOwn(given, alias)) return alias;
  return (alias === undefined || byName) && Object.hasOwn(given, name) ? name : undefined;
}

function extras(
  given: Readonly<Record<string, unknown>>,
  read: ReadonlySet<string>,
  { name, extra }: ModelType,
  progress: Progress,
): [string, unknown][] {
  if (extra === undefined) return [];
  const others = Object.entries(given).filter(([key]) => !read.has(key));
  const first = others[0]?.[0];
  if (extra === 'allow' || first === undefined) return others;
  throw new ValueParseError(`${name} has no field ${first}`, [...progress.path, first]);
}
