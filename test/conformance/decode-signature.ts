import { type FieldSpec, fieldSpec } from '../../src/core/signatures/field-spec';
import { signature } from '../../src/core/signatures/signature';
import { SignatureSpec } from '../../src/core/signatures/signature-spec';
import { constraintsOf, defaultOf, NamedTypes } from './decode-type';

/** A described signature as a spec, with the named types it declares. Throws `NotApplicable`. */
export function decodeSignature(
  // biome-ignore lint/suspicious/noExplicitAny: a signature description of the vectors
  description: any,
  types = new NamedTypes(),
): { spec: SignatureSpec; types: NamedTypes } {
  const fields: FieldSpec[] = description.fields.map(
    // biome-ignore lint/suspicious/noExplicitAny: a field description of the vectors
    (field: any) =>
      fieldSpec({
        name: field.name,
        role: field.kind,
        type: types.decode(field.type),
        ...describedAs(field),
        constraints: constraintsOf(field.constraints),
        ...defaultOf(field, types),
        untyped: field.untyped === true,
      }),
  );
  // An empty text in a string signature means "none given"; the recorded result tells it from an empty docstring.
  const given = description.instructions_given;
  const asDefault = given === null || (given === '' && description.instructions !== '');
  return { spec: new SignatureSpec({ fields, ...(asDefault ? {} : { instructions: given }) }), types };
}

function describedAs(field: { desc?: string; description?: string }): { desc?: string } {
  const desc = field.desc ?? field.description;
  return desc === undefined ? {} : { desc };
}

/** A signature of a vector: as a string, with or without instructions, or described. */
// biome-ignore lint/suspicious/noExplicitAny: either form of the vectors
export function describedSpec(description: any): SignatureSpec {
  const { string, instructions = null } = description;
  if (string === undefined) return decodeSignature({ instructions_given: instructions, ...description }).spec;
  return signature<string>(string, instructions === null ? {} : { instructions });
}
