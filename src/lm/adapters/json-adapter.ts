import type { LMCapabilities } from '../../core/ports/lm';
import type { LMOptions } from '../../core/primitives/lm-request';
import type { FieldValues } from '../../core/signatures/field-spec';
import { type Dumped } from '../../core/signatures/python/dump';
import { pythonJson } from '../../core/signatures/python/json-text';
import { dumpField } from '../../core/signatures/python-text';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { checkOptions } from '../../core/util/check-options';
import { readTolerantJson } from '../../core/util/tolerant-json';
import { isGiven, NOT_SUPPLIED } from './demo-messages';
import { blocks, placeholder, typeHint } from './field-lines';
import { LayoutAdapter } from './layout-adapter';
import { parseError, parseFields } from './parse-fields';

/** One JSON object with a member for each output field (DSPy: `JSONAdapter`). */
export class JSONAdapter extends LayoutAdapter {
  readonly name: string = 'JSONAdapter';

  constructor(options: Readonly<Record<string, never>> = {}) {
    super();
    checkOptions('JSONAdapter', options, []);
  }

  override requestOptions(_spec: SignatureSpec, _capabilities: LMCapabilities): LMOptions {
    return {};
  }

  protected override structure(spec: SignatureSpec): string {
    const placeholders = new Map(spec.outputs.map((field) => [field.name, placeholder(field)]));
    const parts = [
      'All interactions will be structured in the following way, with the appropriate values filled in.',
      'Inputs will have the following structure:',
      blocks(spec.inputs, placeholder),
      'Outputs will be a JSON object with the following fields.',
      pythonJson(placeholders, 2),
    ];
    return parts.join('\n\n');
  }

  override reminder(spec: SignatureSpec): string {
    const fields = spec.outputs.map((field) => `\`${field.name}\`${typeHint(field)}`).join(', then ');
    return `Respond with a JSON object in the following order of fields: ${fields}.`;
  }

  override formatAnswer(spec: SignatureSpec, outputs: FieldValues): string {
    const members = spec.outputs.map((field): [string, Dumped] => [
      field.name,
      isGiven(outputs, field.name) ? dumpField(field, outputs[field.name]) : NOT_SUPPLIED,
    ]);
    return pythonJson(new Map(members), 2);
  }

  override parse(spec: SignatureSpec, completion: string): FieldValues {
    const context = { adapter: this.name, spec, completion };
    const found = readTolerantJson(completion);
    if (found === null || typeof found !== 'object' || Array.isArray(found)) {
      throw parseError(context, 'the answer is not a JSON object');
    }
    return parseFields(context, (name) => (Object.hasOwn(found, name) ? (found as FieldValues)[name] : undefined));
  }
}
