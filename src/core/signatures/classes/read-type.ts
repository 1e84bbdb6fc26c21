import type { EnumNotation } from '../../../../decorators/field-options';
import type { Declarer, FieldRecord } from '../../../../decorators/metadata';
import { MissingFieldTypeError } from '../../errors/signature-errors';
import type { TypeSpec } from '../type-spec';
import {
  type Place,
  type ReadModel,
  readClassNotation,
  readLiterals,
  readTypeOptions,
  SCALARS,
  unsupported,
} from './read-notation';

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
