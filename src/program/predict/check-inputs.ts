import { MissingInputError, UnknownInputError } from '../../core/errors/call-errors';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { admitsNone } from '../../core/signatures/type-spec';

/**
 * The inputs of a call with defaults filled in, in the order they were given. Throws `UnknownInputError` and
 * `MissingInputError`. Values are passed on as they are: no coercion, and no complaint about a type. An optional input
 * that was left out stays out, and the prompt does not mention it.
 */
export function checkInputs(spec: SignatureSpec, given: FieldValues): FieldValues {
  const names = spec.inputs.map((field) => field.name);
  const unknown = Object.keys(given).filter((name) => !names.includes(name));
  if (unknown.length > 0) throw new UnknownInputError(spec.signature, unknown, names);

  const inputs: Record<string, unknown> = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  );
  const missing: string[] = [];
  for (const field of spec.inputs) {
    if (Object.hasOwn(inputs, field.name)) continue;
    if (field.default !== undefined) inputs[field.name] = field.default.value;
    else if (!admitsNone(field.type)) missing.push(field.name);
  }
  if (missing.length > 0) throw new MissingInputError(spec.signature, missing, Object.keys(inputs));
  return inputs;
}
