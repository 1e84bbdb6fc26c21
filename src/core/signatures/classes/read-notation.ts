import type {
  EnumNotation,
  LiteralNotation,
  NamedEnumNotation,
  TypeNotation,
  TypeOptions,
} from '../../../../decorators/field-options';
import { type Declarer, readFieldRecords } from '../../../../decorators/metadata';
import { isStandardSchema } from '../../../../decorators/standard-schema';
import { FieldOptionConflictError, UnsupportedFieldTypeError } from '../../errors/signature-errors';
import { tagsOf } from '../schema/tags';
import { standardSpec } from '../standard/standard-spec';
import { ANY, BOOL, FLOAT, INT, type ModelType, STR, type TypeSpec, unionType } from '../type-spec';
import { customSpec } from '../values/custom-spec';
import { isCustomTypeClass } from '../values/custom-type';

/** Makes the type of a nested class; given by the reader of classes, so that this file need not know it. */
export type ReadModel = (nested: Declarer, owner: string, field: string) => ModelType;

/** What a field is called in messages, and how nested classes are read. */
export interface Place {
  readonly owner: string;
  readonly field: string;
  readonly readModel: ReadModel;
}

/** Deeper notations are mistakes (a thunk that returns itself), not types. */
const MAX_DEPTH = 32;
const TYPE_OPTIONS = ['type', 'items', 'values', 'set', 'tuple', 'oneOf', 'anyOf', 'schema'] as const;

/** The types that have a constructor or a word. */
export const SCALARS: ReadonlyMap<unknown, TypeSpec> = new Map<unknown, TypeSpec>([
  [String, STR],
  [Number, FLOAT],
  [Boolean, BOOL],
  [Date, { kind: 'datetime' }],
  [BigInt, { kind: 'int', big: true }],
  [Uint8Array, { kind: 'bytes' }],
  [Buffer, { kind: 'bytes' }],
  ['str', STR],
  ['int', INT],
  ['float', FLOAT],
  ['bool', BOOL],
  ['date', { kind: 'date' }],
  ['datetime', { kind: 'datetime' }],
  ['time', { kind: 'time' }],
  ['timedelta', { kind: 'timedelta' }],
  ['decimal', { kind: 'decimal' }],
  ['uuid', { kind: 'uuid' }],
  ['bigint', { kind: 'int', big: true }],
  ['bytes', { kind: 'bytes' }],
  ['any', ANY],
]);

/** The type that options say; `undefined` when they say none. Throws `FieldOptionConflictError`. */
export function readTypeOptions(options: TypeOptions, place: Place, depth: number): TypeSpec | undefined {
  const said = TYPE_OPTIONS.filter((name) => options[name] !== undefined);
  if (said.length > 1) {
    throw new FieldOptionConflictError(
      place.owner,
      place.field,
      `'${said.join("' and '")}' exclude one another: keep one`,
    );
  }
  if (depth > MAX_DEPTH)
    throw new FieldOptionConflictError(place.owner, place.field, `its type is nested deeper than ${MAX_DEPTH}`);
  const { discriminator } = options;
  if (discriminator !== undefined && said[0] !== 'anyOf')
    throw new FieldOptionConflictError(place.owner, place.field, "'discriminator' goes with 'anyOf'");
  const read = (notation: TypeNotation | undefined) => readNotation(notation, place, depth + 1);
  switch (said[0]) {
    case 'type':
      return read(options.type);
    case 'items':
      return { kind: 'list', item: read(options.items) };
    case 'values':
      return { kind: 'dict', key: STR, value: read(options.values) };
    case 'set':
      return { kind: 'set', item: read(options.set) };
    case 'tuple':
      return { kind: 'tuple', items: (options.tuple ?? []).map(read) };
    case 'oneOf':
      return readLiterals(options.oneOf, place);
    case 'anyOf':
      return readUnion((options.anyOf ?? []).map(read), discriminator, place);
    case 'schema':
      return readSchema(options.schema, place);
    default:
      return undefined;
  }
}

/** The type that a notation says. Throws `FieldOptionConflictError` and `UnsupportedFieldTypeError`. */
export function readNotation(notation: TypeNotation | TypeSpec | undefined, place: Place, depth = 0): TypeSpec {
  if (isStandardSchema(notation)) return standardSpec(notation);
  const scalar = SCALARS.get(notation);
  if (scalar !== undefined) return scalar;
  if (typeof notation === 'function') {
    // an arrow function has no prototype and a class has one
    return notation.prototype === undefined
      ? readNotation((notation as () => TypeNotation)(), place, depth + 1)
      : readClassNotation(notation as Declarer, place);
  }
  if (typeof notation === 'object' && notation !== null && !Array.isArray(notation)) {
    if ('kind' in notation) return notation;
    const known: readonly string[] = [...TYPE_OPTIONS, 'discriminator'];
    const unknown = Object.keys(notation).find((name) => !known.includes(name));
    const type = unknown === undefined ? readTypeOptions(notation as TypeOptions, place, depth) : undefined;
    if (type !== undefined) return type;
  }
  throw new FieldOptionConflictError(
    place.owner,
    place.field,
    `${describe(notation)} is not a type; write String, Number, Boolean, Date, 'int', 'date', 'any', a decorated class, ` +
      `() => Class, a schema, or { items }, { values }, { oneOf }, { anyOf }`,
  );
}

function readSchema(schema: unknown, place: Place): TypeSpec {
  if (isStandardSchema(schema)) return standardSpec(schema);
  throw new FieldOptionConflictError(
    place.owner,
    place.field,
    `'schema' takes a schema that follows Standard Schema (Zod, Valibot, ArkType), not ${describe(schema)}`,
  );
}

function readUnion(options: readonly TypeSpec[], discriminator: string | undefined, place: Place): TypeSpec {
  const conflict = (problem: string) => new FieldOptionConflictError(place.owner, place.field, problem);
  if (options.length === 0) throw conflict("'anyOf' is empty: no answer would fit");
  const type = unionType(options);
  if (type.kind !== 'union' || discriminator === undefined) return type;
  const untagged = type.options.find((option) => tagsOf(option, discriminator).length === 0);
  if (untagged !== undefined) {
    const name = untagged.kind === 'model' ? untagged.name : untagged.kind;
    throw conflict(`'discriminator: ${discriminator}' needs a literal '${discriminator}' (oneOf) in ${name}`);
  }
  return { ...type, discriminator };
}

const NOT_CLASSES_OF_OURS: ReadonlySet<unknown> = new Set([
  Object,
  Array,
  Function,
  Symbol,
  Map,
  Set,
  WeakMap,
  Promise,
  RegExp,
  Error,
]);

/** The type of a class. Throws `FieldOptionConflictError` and `UnsupportedFieldTypeError`. */
export function readClassNotation(type: Declarer, place: Place): TypeSpec {
  if (type === (Object as unknown) || type === (Array as unknown)) {
    throw new FieldOptionConflictError(
      place.owner,
      place.field,
      type === (Array as unknown)
        ? "'Array' does not say its items; write items: String"
        : "'Object' says nothing; write values: String, a class, or type: 'any'",
    );
  }
  if (isCustomTypeClass(type)) return customSpec(type, () => decoratedShape(type, place));
  if (NOT_CLASSES_OF_OURS.has(type)) throw unsupported(type, place);
  return place.readModel(type, place.owner, place.field);
}

/** What the decorated properties of a custom type say; nothing when none is decorated. */
function decoratedShape(type: Declarer, place: Place): ModelType | undefined {
  const decorated = readFieldRecords(type).some(({ records }) => records.length > 0);
  return decorated ? place.readModel(type, place.owner, place.field) : undefined;
}

/** The values of literals or of an enum, or an enum with its name. */
export function readLiterals(oneOf: TypeOptions['oneOf'], place: Place): TypeSpec {
  const named = namedEnum(oneOf);
  if (named !== undefined) return named;
  const given: readonly unknown[] = Array.isArray(oneOf) ? oneOf : enumValues(oneOf as EnumNotation);
  const values = given.filter(
    (value): value is LiteralNotation =>
      typeof value === 'string' || typeof value === 'boolean' || (typeof value === 'number' && Number.isFinite(value)),
  );
  if (values.length === given.length && values.length > 0) return { kind: 'literal', values: [...new Set(values)] };
  throw new FieldOptionConflictError(
    place.owner,
    place.field,
    given.length === 0 ? "'oneOf' is empty: no answer would fit" : "'oneOf' holds strings, numbers and booleans only",
  );
}

/** `{ Color }`: the enum under its name, its members under theirs. */
function namedEnum(oneOf: TypeOptions['oneOf'] | NamedEnumNotation): TypeSpec | undefined {
  const entries = typeof oneOf === 'object' && !Array.isArray(oneOf) ? Object.entries(oneOf) : [];
  const [name, members] = entries[0] ?? [];
  if (entries.length !== 1 || name === undefined || typeof members !== 'object') return undefined;
  return { kind: 'enum', name, members: enumEntries(members).map(([member, value]) => ({ name: member, value })) };
}

/** The values of a TypeScript enum. A numeric enum also maps its values back to names; those entries are left out. */
function enumValues(given: EnumNotation): unknown[] {
  return enumEntries(given).map(([, value]) => value);
}

function enumEntries(given: EnumNotation): [string, string | number][] {
  return Object.entries<string | number>(Object(given)).filter(([name]) => !/^-?\d+(\.\d+)?$/.test(name));
}

/** The error for a class that no type can be made of. */
export function unsupported(type: unknown, place: Place): UnsupportedFieldTypeError {
  return new UnsupportedFieldTypeError(
    place.owner,
    place.field,
    describe(type),
    'Use String, Number, Boolean, Date, a list (items), a dictionary (values), literals (oneOf), or a class whose properties are decorated.',
  );
}

function describe(value: unknown): string {
  if (typeof value === 'function') return value.name || 'a function';
  if (typeof value === 'string') return `'${value}'`;
  if (Array.isArray(value)) return 'an array';
  return typeof value === 'object' && value !== null ? `{ ${Object.keys(value).join(', ')} }` : String(value);
}
