import { UnprintableValueError } from '../../errors/value-errors';
import type { ModelType, TypeSpec } from '../type-spec';
import { CustomParts } from '../values/custom-parts';
import { CustomType } from '../values/custom-type';
import { bytesText } from './bytes-text';
import { dateText } from './date-text';
import { pythonFloat, pythonInt } from './number';

/** A number with the spelling it gets in a prompt, so that `1.0` of a `float` field keeps its fraction. */
export class NumberText {
  constructor(readonly text: string) {}
}

/** A value reduced to what JSON can hold, each number with its spelling; and parts of messages, which stay what they are. */
export type Dumped =
  | null
  | boolean
  | string
  | NumberText
  | CustomParts
  | readonly Dumped[]
  | ReadonlyMap<string, Dumped>;

/** Deeper values are almost surely cycles. */
const MAX_DEPTH = 200;

/**
 * A value as pydantic's JSON mode dumps it: dates as ISO text, sets and tuples as lists, class instances as objects of
 * their own fields. `type` only decides how numbers are spelled and, with `byAlias`, how members are called; a value of another type is
 * dumped as what it is.
 * Throws `UnprintableValueError` for what prompts cannot hold: functions, symbols, cycles.
 */
export function dumpValue(
  value: unknown,
  type: TypeSpec | undefined,
  depth = 0,
  inClass = false,
  byAlias = false,
): Dumped {
  if (value === null || value === undefined) return null;
  switch (typeof value) {
    case 'boolean':
    case 'string':
      return value;
    case 'bigint':
      return new NumberText(pythonInt(value));
    case 'number':
      // Where pydantic knows no type it writes null for what JSON does not have.
      return Number.isFinite(value) || depth === 0 || (inClass && option(type, isFloat))
        ? numberText(value, type)
        : null;
    case 'object':
      break;
    default:
      throw new UnprintableValueError(`a ${typeof value} has no text`);
  }
  if (depth > MAX_DEPTH)
    throw new UnprintableValueError(`it is nested deeper than ${MAX_DEPTH} levels, or contains itself`);
  if (value instanceof Date) return dateText(value);
  if (value instanceof Uint8Array) return bytesText(value);
  if (value instanceof CustomType) {
    const form = value.format();
    return Array.isArray(form) ? new CustomParts(form) : dumpValue(form, undefined, depth + 1);
  }
  const item = itemTypes(type);
  const items = Array.isArray(value) ? value : value instanceof Set ? [...value] : undefined;
  if (items !== undefined) return items.map((each, at) => dumpValue(each, item(at), depth + 1, inClass, byAlias));
  const entries: Iterable<[unknown, unknown]> = value instanceof Map ? value : Object.entries(value);
  const dumped = new Map<string, Dumped>();
  for (const [key, member] of orderedEntries(entries, value, type)) {
    if (member !== undefined && typeof member !== 'function') {
      dumped.set(
        byAlias ? aliasOf(type, value, key) : keyText(key),
        dumpValue(member, memberType(type, value, key), depth + 1, inClass || isInstance(value, type), byAlias),
      );
    }
  }
  return dumped;
}

/** Instances of a nested class list their fields as declared, whatever the order of their assignments. */
function* orderedEntries(
  entries: Iterable<[unknown, unknown]>,
  value: object,
  type: TypeSpec | undefined,
): Iterable<[unknown, unknown]> {
  const model = modelOf(type, value);
  if (model === undefined || !isInstance(value, type)) return yield* entries;
  const rest = new Map(entries);
  for (const { name } of model.fields) {
    if (rest.has(name)) yield [name, rest.get(name)];
    rest.delete(name);
  }
  yield* rest;
}

function isInstance(value: object, type: TypeSpec | undefined): boolean {
  const construct = modelOf(type, value)?.construct;
  return construct !== undefined && value instanceof construct;
}

function aliasOf(type: TypeSpec | undefined, value: object, key: unknown): string {
  return modelOf(type, value)?.fields.find((field) => field.name === key)?.alias ?? keyText(key);
}

function keyText(key: unknown): string {
  if (key === null || key === undefined) return 'None';
  return Array.isArray(key) ? key.map(keyText).join(',') : String(key);
}

/** The type of each item of a sequence, by its place. */
export function itemTypes(type: TypeSpec | undefined): (at: number) => TypeSpec | undefined {
  const sequence = option(type, isSequence);
  if (sequence?.kind === 'tuple') return (at) => (sequence.variadic ? sequence.items[0] : sequence.items[at]);
  return () => (sequence !== undefined && 'item' in sequence ? sequence.item : undefined);
}

function isSequence(type: TypeSpec): boolean {
  return ['list', 'set', 'frozenset', 'tuple'].includes(type.kind);
}

/** The type of a member of an object. */
export function memberType(type: TypeSpec | undefined, value: object, key: unknown): TypeSpec | undefined {
  const model = modelOf(type, value);
  if (model !== undefined) return model.fields.find((field) => field.name === key)?.type;
  const dict = option(type, (each) => each.kind === 'dict');
  return dict?.kind === 'dict' ? dict.value : undefined;
}

/** The class a value belongs to: the one it is an instance of, else the first that has all of its fields. */
export function modelOf(type: TypeSpec | undefined, value: object): ModelType | undefined {
  const made = option(
    type,
    (each) => each.kind === 'model' && each.construct !== undefined && value instanceof each.construct,
  );
  const fits = (each: TypeSpec) =>
    each.kind === 'model' && Object.keys(value).every((key) => each.fields.some((field) => field.name === key));
  const found = made ?? option(type, fits);
  return found?.kind === 'model' ? found : undefined;
}

/** The type itself, or the first option of a union, that is wanted. */
export function option(type: TypeSpec | undefined, wanted: (type: TypeSpec) => boolean): TypeSpec | undefined {
  if (type?.kind !== 'union') return type !== undefined && wanted(type) ? type : undefined;
  return type.options.map((each) => option(each, wanted)).find((found) => found !== undefined);
}

function numberText(value: number, type: TypeSpec | undefined): NumberText {
  const hasFraction =
    !Number.isInteger(value) ||
    Object.is(value, -0) ||
    (option(type, isFloat) !== undefined && option(type, holdsInt) === undefined);
  return new NumberText(hasFraction ? pythonFloat(value) : pythonInt(value));
}

function isFloat(type: TypeSpec): boolean {
  return type.kind === 'float';
}

function holdsInt(type: TypeSpec): boolean {
  if (type.kind === 'literal') return type.values.some((value) => typeof value === 'number');
  return type.kind === 'int' || type.kind === 'any' || type.kind === 'object';
}
