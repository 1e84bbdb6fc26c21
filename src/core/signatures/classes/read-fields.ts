import { FIELD_OPTION_NAMES, type FieldOptions, type TypeNotation } from '../../../../decorators/field-options';
import { isStandardSchema } from '../../../../decorators/standard-schema';
import { FieldOptionConflictError } from '../../errors/signature-errors';
import { checkOptions } from '../../util/check-options';
import { type FieldSpec, fieldSpec } from '../field-spec';
import { optionalType, STR, type TypeSpec } from '../type-spec';
import { readClassModel } from './read-class';
import { readNotation, readTypeOptions } from './read-notation';

/** What a field of a signature made of objects is: its type, or options as decorators take them; nothing means text. */
export type FieldNotation = TypeNotation | TypeSpec | FieldOptions | null;

/** Fields by name, as objects give them. */
export type FieldNotations = Readonly<Record<string, FieldNotation>>;

const OWNER = 'signature()';
const NAME = /^\p{ID_Start}\p{ID_Continue}*$/u;

/**
 * The fields of `{ inputs, outputs }`, in their order. Throws `FieldOptionConflictError`, `UnsupportedFieldTypeError` and
 * `UnknownOptionError`.
 */
export function readFields(inputs: FieldNotations, outputs: FieldNotations): readonly FieldSpec[] {
  const twice = Object.keys(inputs).find((name) => Object.hasOwn(outputs, name));
  if (twice !== undefined) throw new FieldOptionConflictError(OWNER, twice, 'it is an input and an output');
  const read = (role: FieldSpec['role']) => (field: [string, FieldNotation]) => readField(field, role);
  return [...Object.entries(inputs).map(read('input')), ...Object.entries(outputs).map(read('output'))];
}

/** The types that names of a signature stand for. Throws what `readFields` throws. */
export function readTypes(types: Readonly<Record<string, TypeNotation | TypeSpec>>): ReadonlyMap<string, TypeSpec> {
  return new Map(Object.entries(types).map(([name, notation]) => [name, readNotation(notation, placeOf(name))]));
}

function readField([name, notation]: [string, FieldNotation], role: FieldSpec['role']): FieldSpec {
  if (!NAME.test(name)) throw new FieldOptionConflictError(OWNER, name, 'a field has a name, as a variable has');
  const options: FieldOptions = isOptions(notation) ? notation : {};
  checkOptions(`${OWNER}.${name}`, options, FIELD_OPTION_NAMES);
  const type = notation === null || isOptions(notation) ? readTypeOptions(options, placeOf(name), 0) : undefined;
  const said = notation === null || isOptions(notation) ? (type ?? STR) : readNotation(notation, placeOf(name));
  const { desc, prefix, optional, nullable } = options;
  return fieldSpec({
    name,
    role,
    type: optional === true || nullable === true ? optionalType(said) : said,
    ...(desc === undefined ? {} : { desc }),
    ...(prefix === undefined ? {} : { prefix }),
    ...(Object.hasOwn(options, 'default') ? { default: { value: options.default } } : {}),
  });
}

function isOptions(notation: FieldNotation): notation is FieldOptions {
  return typeof notation === 'object' && notation !== null && !('kind' in notation) && !isStandardSchema(notation);
}

function placeOf(field: string) {
  return { owner: OWNER, field, readModel: readClassModel };
}
