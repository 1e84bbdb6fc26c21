import type { FieldSpec, FieldValues } from '../../../core/signatures/field-spec';
import { formatFieldValue } from '../../../core/signatures/python-text';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';
import { blocks, header } from '../field-lines';
import { maskHeaders } from '../field-markers';
import { JSONAdapter } from '../json-adapter';
import { givenInputs } from '../layout-adapter';
import { instanceJson } from './instance-json';
import { typeOutline } from './type-outline';

/**
 * The JSON adapter with types told in short instead of by JSON Schemas, after BAML's notation: fewer tokens, and easier on small
 * models (DSPy: `BAMLAdapter`). A class that contains itself cannot be told so: `RecursiveOutlineError`.
 */
export class BAMLAdapter extends JSONAdapter {
  override readonly name: string = 'BAMLAdapter';

  protected override structure(spec: SignatureSpec): string {
    const parts = [
      'All interactions will be structured in the following way, with the appropriate values filled in.\n',
      ...spec.inputs.map(({ name }) => `${header(name)}\n{${name}}\n`),
      ...spec.outputs.map(
        ({ name, type }) => `${header(name)}\nOutput field \`${name}\` should be of type: ${typeOutline(type)}\n`,
      ),
      header('completed'),
    ];
    return parts.join('\n');
  }

  protected override formatInputs(spec: SignatureSpec, inputs: FieldValues): string {
    return blocks(givenInputs(spec, inputs), (field) => inputText(field, inputs[field.name]));
  }
}

/** Instances of classes a member a line, everything else as in the other adapters. */
function inputText(field: FieldSpec, value: unknown): string {
  return instanceJson(field, value) ?? maskHeaders(formatFieldValue(field, value));
}
