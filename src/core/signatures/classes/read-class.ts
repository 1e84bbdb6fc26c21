import { FIELD_OPTION_NAMES } from '../../../../decorators/field-options';
import { type Declarer, type FieldRecord, readFieldRecords, readInstructions } from '../../../../decorators/metadata';
import {
  EmptySignatureError,
  FieldOptionConflictError,
  FieldRoleConflictError,
  UnsupportedFieldTypeError,
} from '../../errors/signature-errors';
import { checkOptions } from '../../util/check-options';
import { applyConstraints, type Constrained, checkerFor } from '../constraints';
import { type FieldSpec, fieldSpec } from '../field-spec';
import { SignatureSpec } from '../signature-spec';
import { type ModelField, type ModelType, optionalType, type TypeSpec } from '../type-spec';
import { readFieldType } from './read-type';

const specs = new WeakMap<Declarer, SignatureSpec>();
const models = new WeakMap<Declarer, ModelType>();

/**
 * The spec of a decorated class; read once per class, when it is first used. Inherited fields come first, a field
 * declared again keeps its place. Mistakes in the declaration are thrown here, not by the decorators:
 * `EmptySignatureError`, `FieldRoleConflictError`, `FieldOptionConflictError`, `MissingFieldTypeError`,
 * `UnsupportedFieldTypeError` and `UnknownOptionError`.
 */
export function readClass(declarer: Declarer): SignatureSpec {
  const known = specs.get(declarer);
  if (known !== undefined) return known;
  const fields = effectiveRecords(declarer).map(readField);
  if (fields.length === 0) throw new EmptySignatureError(nameOf(declarer));
  const instructions = readInstructions(declarer);
  const check = checkerFor(declarer, fields);
  const spec = new SignatureSpec({
    name: nameOf(declarer),
    fields,
    ...(instructions === undefined ? {} : { instructions: instructions || ' ' }), // an empty text on a class stays empty
    ...(check === undefined ? {} : { check }),
  });
  specs.set(declarer, spec);
  return spec;
}

/** A record with the class that declared it and the class that is read. */
interface Given {
  readonly declarer: Declarer;
  readonly leaf: Declarer;
  readonly record: FieldRecord;
}

function effectiveRecords(declarer: Declarer): Given[] {
  const fields = new Map<string, Given>();
  for (const level of readFieldRecords(declarer)) {
    const own = new Map<string, FieldRecord>();
    for (const record of level.records) {
      const before = own.get(record.name);
      if (before !== undefined)
        throw new FieldRoleConflictError(nameOf(level.declarer), record.name, [decorator(before), decorator(record)]);
      own.set(record.name, record);
      fields.set(record.name, { declarer: level.declarer, leaf: declarer, record });
    }
  }
  return [...fields.values()];
}

function decorator(record: FieldRecord): string {
  return record.role === 'input' ? 'Input' : 'Output';
}

function readField(given: Given): FieldSpec {
  const { name, role, options } = given.record;
  const { type, constraints } = readConstrained(given);
  return fieldSpec({
    name,
    role,
    type: withAbsence(type, options),
    constraints,
    ...(options.desc === undefined ? {} : { desc: options.desc }),
    ...(options.prefix === undefined ? {} : { prefix: options.prefix }),
    ...(Object.hasOwn(options, 'default') ? { default: { value: options.default } } : {}),
    absent: options.optional === true && options.nullable !== true ? undefined : null,
  });
}

/** The type and the bounds of a field, before it is known whether it may be missing. */
function readConstrained({ declarer, leaf, record }: Given): Constrained {
  const owner = nameOf(declarer);
  checkOptions(`${owner}.${record.name}`, record.options, FIELD_OPTION_NAMES);
  for (const name of ['desc', 'prefix'] as const) {
    const text: unknown = record.options[name];
    if (text !== undefined && typeof text !== 'string')
      throw new FieldOptionConflictError(owner, record.name, `'${name}' is a text, not ${typeof text}`);
  }
  return applyConstraints(leaf, record.name, readFieldType(owner, record, readClassModel));
}

function withAbsence(type: TypeSpec, options: FieldRecord['options']): TypeSpec {
  return options.optional === true || options.nullable === true ? optionalType(type) : type;
}

/** The type of a class that is not a field's: the arguments of a tool, for example. `owner` and `field` are for errors. */
export function readNestedClass(type: new () => object, owner: string, field: string): ModelType {
  return readClassModel(type as Declarer, owner, field);
}

/** The type of a nested class. Its fields are read when first asked for, so that a class can contain itself. */
export function readClassModel(declarer: Declarer, owner: string, field: string): ModelType {
  const known = models.get(declarer);
  if (known !== undefined) return known;
  if (readFieldRecords(declarer).every(({ records }) => records.length === 0)) {
    throw new UnsupportedFieldTypeError(
      owner,
      field,
      nameOf(declarer),
      `Decorate the properties of ${nameOf(declarer)} with @Input() or @Output(), so that they are known at run time.`,
    );
  }
  const doc = readInstructions(declarer);
  let fields: readonly ModelField[] | undefined;
  const model: ModelType = {
    kind: 'model',
    name: nameOf(declarer),
    ...(doc === undefined ? {} : { doc }),
    get fields() {
      fields ??= effectiveRecords(declarer).map(readModelField);
      return fields;
    },
    construct: declarer as new () => object,
  };
  models.set(declarer, model);
  return model;
}

function readModelField(given: Given): ModelField {
  const { name, options } = given.record;
  const { type, constraints } = readConstrained(given);
  const absent = options.optional === true || options.nullable === true ? { default: { value: null } } : {};
  return {
    name,
    type: withAbsence(type, options),
    ...(options.desc === undefined ? {} : { desc: options.desc }),
    ...(constraints.length === 0 ? {} : { constraints }),
    ...(Object.hasOwn(options, 'default') ? { default: { value: options.default } } : absent),
    ...(options.optional === true && options.nullable !== true && !Object.hasOwn(options, 'default')
      ? { omitted: true }
      : {}),
  };
}

function nameOf(declarer: Declarer): string {
  return declarer.name || 'an anonymous class';
}
