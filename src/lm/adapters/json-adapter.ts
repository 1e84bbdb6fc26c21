import type { FieldScanner } from '../../core/ports/adapter';
import type { LMCapabilities } from '../../core/ports/lm';
import type { LMOptions } from '../../core/primitives/lm-request';
import type { FieldValues } from '../../core/signatures/field-spec';
import { type Dumped } from '../../core/signatures/python/dump';
import { pythonJson } from '../../core/signatures/python/json-text';
import { dumpField } from '../../core/signatures/python-text';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { checkOptions } from '../../core/util/check-options';
import { findTolerantJson } from '../../core/util/tolerant-json';
import { isGiven, NOT_SUPPLIED } from './demo-messages';
import { blocks, placeholder, typeHint } from './field-lines';
import { LayoutAdapter } from './layout-adapter';
import { NATIVE_OPTIONS, type NativeOptions } from './native/native-call';
import { parseError, parseFields } from './parse-fields';
import { JsonScanner } from './partial/json-scanner';
import { responseFormat } from './response-format';

/** One JSON object with a member for each output field (DSPy: `JSONAdapter`). */
export class JSONAdapter extends LayoutAdapter {
  readonly name: string = 'JSONAdapter';

  /** `useNativeFunctionCalling` is on unless said otherwise. */
  constructor(options: NativeOptions = {}) {
    super({ useNativeFunctionCalling: true, ...options });
    checkOptions(new.target.name, options, NATIVE_OPTIONS);
  }

  override requestOptions(spec: SignatureSpec, capabilities: LMCapabilities): LMOptions {
    const format = responseFormat(spec, capabilities, this.native.useNativeFunctionCalling === true);
    return format === undefined ? {} : { responseFormat: format };
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

  override scanner(spec: SignatureSpec): FieldScanner | undefined {
    return new JsonScanner(spec);
  }

  override parse(spec: SignatureSpec, completion: string): FieldValues {
    const context = { adapter: this.name, spec, completion };
    const found = findObject(completion);
    if (found === undefined) throw parseError(context, 'there is no JSON object in the answer');
    return parseFields(context, (name) => (Object.hasOwn(found, name) ? found[name] : undefined));
  }
}

/** The object an answer holds: the answer itself, one written into a JSON string, else its first balanced `{...}`. */
function findObject(completion: string): FieldValues | undefined {
  const whole = findTolerantJson(completion);
  if (isObject(whole)) return whole;
  const quoted = typeof whole === 'string' ? findTolerantJson(whole) : undefined;
  if (isObject(quoted)) return quoted;
  const inner = firstBraces(completion);
  const part = inner === undefined ? undefined : findTolerantJson(inner);
  return isObject(part) ? part : undefined;
}

function isObject(value: unknown): value is FieldValues {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}

/** From the first opening brace that is closed to where it is closed, whatever stands in between. */
function firstBraces(text: string): string | undefined {
  const opened: number[] = [];
  let found: readonly [number, number] | undefined;
  for (let at = 0; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '{') opened.push(at);
    else if (char === '}') {
      const start = opened.pop();
      if (start === undefined) continue;
      if (found === undefined || start < found[0]) found = [start, at + 1];
      if (opened.length === 0) break;
    }
  }
  return found === undefined ? undefined : text.slice(...found);
}
