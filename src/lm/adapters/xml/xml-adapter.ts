import { XmlParseError } from '../../../core/errors/value-errors';
import type { FieldScanner } from '../../../core/ports/adapter';
import type { FieldSpec, FieldValues } from '../../../core/signatures/field-spec';
import { dumpField, formatFieldValue } from '../../../core/signatures/python-text';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';
import { ChatAdapter } from '../chat-adapter';
import { isGiven, NOT_SUPPLIED } from '../demo-messages';
import { placeholder } from '../field-lines';
import { maskTags } from '../field-markers';
import { givenInputs } from '../layout-adapter';
import { parseError, parseFields } from '../parse-fields';
import { escapeOpening, isNestedXml, nestedXml, xmlSkeleton } from './nested-xml';
import { readElements } from './read-elements';
import { readXml } from './read-xml';
import { childrenByName, type XmlElement } from './xml-element';
import { xmlText } from './xml-text';

/**
 * Each field in an element of its name, nested classes, lists and dictionaries as nested elements (DSPy: `XMLAdapter`). Takes the
 * options of `ChatAdapter`, and asks once more as JSON as it does.
 */
export class XMLAdapter extends ChatAdapter {
  override readonly name: string = 'XMLAdapter';

  protected override structure(spec: SignatureSpec): string {
    const parts = [
      'All interactions will be structured in the following way, with the appropriate values filled in.',
      elements(spec.inputs, (field) => wrapped(field, placeholder(field))),
      elements(spec.outputs, (field) =>
        isNestedXml(field.type) ? xmlSkeleton(field.name, field.type) : wrapped(field, placeholder(field)),
      ),
    ];
    return parts.join('\n\n');
  }

  override reminder(spec: SignatureSpec): string {
    const tags = spec.outputs.map((field) => `\`<${field.name}>\``).join(', then ');
    const nested = spec.outputs.filter((field) => isNestedXml(field.type));
    const skeletons = nested.map((field) => xmlSkeleton(field.name, field.type)).join(' ');
    const request = `Respond with the corresponding output fields wrapped in XML tags ${tags}.`;
    return skeletons === '' ? request : `${request} Use this nested XML structure: ${skeletons}`;
  }

  protected override formatInputs(spec: SignatureSpec, inputs: FieldValues): string {
    const names = spec.fields.map(({ name }) => name);
    return elements(givenInputs(spec, inputs), (field) =>
      wrapped(field, maskTags(formatFieldValue(field, inputs[field.name]), names)),
    );
  }

  override formatAnswer(spec: SignatureSpec, outputs: FieldValues): string {
    return elements(spec.outputs, (field) =>
      isGiven(outputs, field.name) ? outputElement(field, outputs[field.name]) : wrapped(field, NOT_SUPPLIED),
    );
  }

  /** An element is known to be one only when it is closed: answers are read when they are whole. */
  override scanner(): FieldScanner | undefined {
    return undefined;
  }

  override parse(spec: SignatureSpec, completion: string): FieldValues {
    const context = { adapter: this.name, spec, completion };
    const found = childrenByName(readAnswer(context));
    return parseFields(context, (name) => found.get(name), { read: readElements, shown: asText });
  }
}

function readAnswer(context: Parameters<typeof parseError>[0]): XmlElement {
  try {
    return readXml(context.completion);
  } catch (error) {
    if (!(error instanceof XmlParseError)) throw error;
    const { spec, completion } = context;
    const missing = spec.outputs.flatMap(({ name }) => (completion.includes(`</${name}>`) ? [] : [name]));
    throw parseError(context, `it is not well-formed XML: ${error.problem}`, { missing, cause: error });
  }
}

function asText(found: readonly XmlElement[]): string {
  return found.map(xmlText).join('');
}

function outputElement(field: FieldSpec, value: unknown): string {
  if (isNestedXml(field.type)) {
    const dumped = dumpField(field, value);
    if (Array.isArray(dumped) || dumped instanceof Map) return nestedXml(dumped, field.name);
  }
  const text = formatFieldValue(field, value);
  return wrapped(field, field.type.kind === 'str' ? escapeOpening(text).replaceAll(']]>', ']]&gt;') : text);
}

function wrapped({ name }: FieldSpec, text: string): string {
  return `<${name}>\n${text}\n</${name}>`;
}

function elements(fields: readonly FieldSpec[], elementOf: (field: FieldSpec) => string): string {
  return fields.map(elementOf).join('\n\n');
}
