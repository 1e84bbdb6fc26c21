import { AdapterParseError, type AdapterParseErrorDetails } from '../../core/errors/adapter-errors';
import { shownValue, ValueParseError } from '../../core/errors/value-errors';
import { parseValue } from '../../core/signatures/coerce';
import type { FieldSpec, FieldValues } from '../../core/signatures/field-spec';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { admitsNone, type TypeSpec } from '../../core/signatures/type-spec';
import { defineField } from '../../core/util/define-fields';

/** What is being parsed, for errors. */
export interface ParseContext {
  readonly adapter: string;
  readonly spec: SignatureSpec;
  readonly completion: string;
}

/** How what an answer says of a field becomes a value, and how errors show it. */
export interface FieldReader<Given> {
  /** Throws `ValueParseError`. */
  read(given: Given, type: TypeSpec): unknown;
  shown(given: Given): unknown;
}

const PLAIN: FieldReader<unknown> = { read: parseValue, shown: (given) => given };

/**
 * The values of all output fields, in the order of the signature. `find` gives what the answer says of a field, or
 * `undefined`; a field it does not mention takes its default, an optional one `null`. Throws `AdapterParseError`.
 */
export function parseFields<Given = unknown>(
  context: ParseContext,
  find: (name: string) => Given | undefined,
  reader: FieldReader<Given> = PLAIN as FieldReader<Given>,
): FieldValues {
  const { spec } = context;
  const values: Record<string, unknown> = {};
  const missing: string[] = [];
  for (const field of spec.outputs) {
    const given = find(field.name);
    if (given !== undefined) defineField(values, field.name, parseField(context, field, given, reader, values));
    else if (field.default !== undefined) defineField(values, field.name, defaultOf(field));
    else if (admitsNone(field.type)) defineField(values, field.name, field.absent);
    else missing.push(field.name);
  }
  if (missing.length === 0) return values;
  const wanted = spec.outputs.map((field) => field.name).join(', ');
  throw parseError(context, `the fields ${wanted} are required, but ${missing.join(', ')} is missing`, {
    parsed: values,
    missing,
    ...(missing[0] === undefined ? {} : { field: missing[0] }),
  });
}

function parseField<Given>(
  context: ParseContext,
  field: FieldSpec,
  given: Given,
  reader: FieldReader<Given>,
  before: FieldValues,
): unknown {
  try {
    return normalNone(reader.read(given, field.type), field);
  } catch (error) {
    if (!(error instanceof ValueParseError)) throw error;
    const problem = `the field ${field.name} has the value ${shownValue(reader.shown(given))}: ${error.message}`;
    throw parseError(context, problem, { parsed: before, field: field.name, cause: error });
  }
}

/** An error of the adapter about one completion. */
export function parseError(
  { adapter, spec, completion }: ParseContext,
  problem: string,
  more: Pick<AdapterParseErrorDetails, 'parsed' | 'field' | 'missing' | 'cause'> = {},
): AdapterParseError {
  return new AdapterParseError({ adapter, signature: spec.signature, completion, problem, ...more });
}

/** Objects and lists are copied, so that no two predictions share a default. */
function defaultOf(field: FieldSpec): unknown {
  const value = field.default?.value;
  return value !== null && typeof value === 'object' ? structuredClone(value) : value;
}

/** `null` for an optional field whose class says `?` is `undefined`. */
function normalNone(value: unknown, field: FieldSpec): unknown {
  return value === null && field.type.kind === 'union' ? field.absent : value;
}
