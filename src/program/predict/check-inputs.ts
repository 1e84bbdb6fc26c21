import { MissingInputError, UnknownInputError } from '../../core/errors/call-errors';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { admitsNone } from '../../core/signatures/type-spec';
import { defineField } from '../../core/util/define-fields';

/**
 * The inputs of a call with defaults filled in, in the order they were given. Throws `UnknownInputError` and
 * `MissingInputError`. Values are passed on as they are: no coercion, and no complaint about a type. An optional input
 * that was left out stays out, and the prompt does not mention it.
 */
export function checkInputs(spec: SignatureSpec, given: FieldValues): FieldValues {
  const inputs: Record<string, unknown> = {};
  for (const name of Object.keys(given)) {
    if (!spec.inputs.some((field) => field.name === name)) throw unknownInputs(spec, given);
    if (given[name] !== undefined) defineField(inputs, name, given[name]);
  }
  let missing: string[] | undefined;
  for (const field of spec.inputs) {
    if (Object.hasOwn(inputs, field.name)) continue;
    if (field.default !== undefined) defineField(inputs, field.name, field.default.value);
    else if (!admitsNone(field.type)) {
      missing ??= [];
      missing.push(field.name);
    }
  }
  if (missing !== undefined) throw new MissingInputError(spec.signature, missing, Object.keys(inputs));
  return inputs;
}

function unknownInputs(spec: SignatureSpec, given: FieldValues): UnknownInputError {
  const names = spec.inputs.map((field) => field.name);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  return new UnknownInputError(spec.signature, unknown, names);
}
