import type { EnumNotation, LiteralNotation, TypeNotation, TypeOptions } from '../../../../decorators/field-options';
import { type Declarer, type FieldRecord, readFieldRecords } from '../../../../decorators/metadata';
import {
  FieldOptionConflictError,
  MissingFieldTypeError,
  UnsupportedFieldTypeError,
} from '../../errors/signature-errors';
import { ANY, BOOL, FLOAT, INT, type ModelType, STR, type TypeSpec } from '../type-spec';
import { customSpec } from '../values/custom-spec';
import { isCustomTypeClass } from '../values/custom-type';

/** Makes the type of a nested class; given by the reader of classes, so that this file need not know it. */
export type ReadModel = (nested: Declarer, owner: string, field: string) => ModelType;

/** What a field is called in messages, and how nested classes are read. */
interface Place {
  readonly owner: string;
  readonly field: string;
  readonly readModel: ReadModel;
}

/** Deeper notations are mistakes (a thunk that returns itself), not types. */
const MAX_DEPTH = 32;
const TYPE_OPTIONS = ['type', 'items', 'values', 'oneOf'] as const;

const SCALARS: ReadonlyMap<unknown, TypeSpec> = new Map<unknown, TypeSpec>([
  [String, STR],
  [Number, FLOAT],
  [Boolean, BOOL],
  [Date, { kind: 'datetime' }],
  ['str', STR],
  ['int', INT],
  ['float', FLOAT],
  ['bool', BOOL],
  ['date', { kind: 'date' }],
  ['datetime', { kind: 'datetime' }],
  ['any', ANY],
]);

const HOW_TO_SAY =
  'Say it in the decorator, for example @Input({ type: String }), @Output({ items: String }) or @Output({ oneOf: [...] })';

/**
 * The type of a decorated property: what its options say, else what the compiler emitted as `design:type`, which is
 * trusted only where it names one type. Throws `MissingFieldTypeError`, `UnsupportedFieldTypeError` and
 * `FieldOptionConflictError`.
 */
export function readFieldType(owner: string, record: FieldRecord, readModel: ReadModel): TypeSpec {
  const place: Place = { owner, field: record.name, readModel };
  return readTypeOptions(record.options, place, 0) ?? readDesignType(record, place);
}

function readTypeOptions(options: TypeOptions, place: Place, depth: number): TypeSpec | undefined {
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
  switch (said[0]) {
    case 'type':
      return readNotation(options.type, place, depth + 1);
    case 'items':
      return { kind: 'list', item: readNotation(options.items, place, depth + 1) };
    case 'values':
      return { kind: 'dict', key: STR, value: readNotation(options.values, place, depth + 1) };
    case 'oneOf':
      return readLiterals(options.oneOf, place);
    default:
      return undefined;
  }
}

function readNotation(notation: TypeNotation | undefined, place: Place, depth: number): TypeSpec {
  const scalar = SCALARS.get(notation);
  if (scalar !== undefined) return scalar;
  if (typeof notation === 'function') {
    // an arrow function has no prototype and a class has one
    return notation.prototype === undefined
      ? readNotation((notation as () => TypeNotation)(), place, depth + 1)
      : readClassNotation(notation as Declarer, place);
  }
  if (typeof notation === 'object' && notation !== null && !Array.isArray(notation)) {
    const unknown = Object.keys(notation).find((name) => !TYPE_OPTIONS.includes(name as 'type'));
    const type = unknown === undefined ? readTypeOptions(notation, place, depth) : undefined;
    if (type !== undefined) return type;
  }
  throw new FieldOptionConflictError(
    place.owner,
    place.field,
    `${describe(notation)} is not a type; write String, Number, Boolean, Date, 'int', 'date', 'any', a decorated class, ` +
      `() => Class, or { items }, { values }, { oneOf }`,
  );
}

const NOT_CLASSES_OF_OURS: ReadonlySet<unknown> = new Set([
  Object,
  Array,
  Function,
  Symbol,
  BigInt,
  Map,
  Set,
  WeakMap,
  Promise,
  RegExp,
  Error,
]);

function readClassNotation(type: Declarer, place: Place): TypeSpec {
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

function readLiterals(oneOf: TypeOptions['oneOf'], place: Place): TypeSpec {
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

/** The values of a TypeScript enum. A numeric enum also maps its values back to names; those entries are left out. */
function enumValues(given: EnumNotation): unknown[] {
  return Object.entries(Object(given))
    .filter(([name]) => !/^-?\d+(\.\d+)?$/.test(name))
    .map(([, value]) => value);
}

function readDesignType(record: FieldRecord, place: Place): TypeSpec {
  const { designType, emitted } = record;
  const missing = (cause: string, remedy = `${HOW_TO_SAY}.`) =>
    new MissingFieldTypeError(place.owner, place.field, cause, remedy);
  if (!emitted) {
    throw missing(
      'no design:type metadata was emitted',
      `${HOW_TO_SAY}, or compile with "experimentalDecorators" and "emitDecoratorMetadata" (tsc, ts-node, swc and oxc emit it; ` +
        'esbuild and tsx do not).',
    );
  }
  if (designType === undefined) {
    throw missing(
      'its class was not defined yet when it was emitted (declared later, or a circular import)',
      'Say it late: @Output({ type: () => TheClass }).',
    );
  }
  if (designType === Object) {
    throw missing('a union, an interface, null, unknown and generic types are emitted as Object');
  }
  if (designType === Array) {
    throw missing('a list is emitted without its items', 'Say what they are: @Input({ items: String }).');
  }
  const scalar = SCALARS.get(designType);
  if (scalar !== undefined && typeof designType === 'function') return scalar;
  if (typeof designType === 'function') return readClassNotation(designType as Declarer, place);
  if (typeof designType === 'object' && designType !== null) return readLiterals(designType as EnumNotation, place); // swc and oxc emit an enum itself
  throw unsupported(designType, place);
}

function unsupported(type: unknown, place: Place): UnsupportedFieldTypeError {
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
