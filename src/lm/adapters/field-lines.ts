import { displayName } from '../../core/signatures/display-name';
import { type FieldSpec, shownDesc } from '../../core/signatures/field-spec';
import { jsonSchemaText } from '../../core/signatures/json-schema';
import { dumpValue } from '../../core/signatures/python/dump';
import { pythonLines, pythonStrip } from '../../core/signatures/python/whitespace';
import { dumpedText } from '../../core/signatures/python-text';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import type { Constraint, CustomBehaviour, TypeSpec } from '../../core/signatures/type-spec';

const CONSTRAINT_WORDS: Readonly<Partial<Record<Constraint['name'], string>>> = {
  gt: 'greater than',
  ge: 'greater than or equal to',
  lt: 'less than',
  le: 'less than or equal to',
  min_length: 'minimum length',
  max_length: 'maximum length',
  multiple_of: 'a multiple of the given number',
  allow_inf_nan: "allow 'inf', '-inf', 'nan' values",
};

/** The opening of every system message: the numbered input fields, then the output fields. */
export function fieldDescriptions(spec: SignatureSpec): string {
  return `Your input fields are:\n${fieldList(spec.inputs)}\nYour output fields are:\n${fieldList(spec.outputs)}`;
}

/** The end of every system message: the instructions, each line on its own and indented; blank lines lose their blanks. */
export function taskDescription(spec: SignatureSpec): string {
  const lines = pythonLines(spec.instructions.replace(/^[ \t]+$/gm, ''));
  return `In adhering to this structure, your objective is: ${['', ...lines].join(`\n${' '.repeat(8)}`)}`;
}

/** The numbered fields with their types, descriptions and bounds. */
export function fieldList(fields: readonly FieldSpec[]): string {
  const lines = fields.map((field, at) => {
    const bounds = constraintsText(field.constraints);
    const descriptions = customDescriptions(field.type);
    const head = `${at + 1}. \`${field.name}\` (${displayName(field.type)}): ${shownDesc(field)}${descriptions}`;
    return bounds === '' ? head : `${head}\nConstraints: ${bounds}`;
  });
  return pythonStrip(lines.join('\n'));
}

/** What is said of the custom types that a type names, a line each. */
function customDescriptions(type: TypeSpec): string {
  return customTypes(type)
    .filter(({ description }) => description !== '')
    .map(({ name, description }) => `\n    Type description of ${name}: ${description}`)
    .join('');
}

function customTypes(type: TypeSpec): readonly CustomBehaviour[] {
  switch (type.kind) {
    case 'custom':
      return [type.behaviour];
    case 'list':
    case 'set':
      return type.item === undefined ? [] : customTypes(type.item);
    case 'dict':
      return [type.key, type.value].flatMap((part) => (part === undefined ? [] : customTypes(part)));
    case 'tuple':
      return type.items.flatMap(customTypes);
    case 'union':
      return type.options.flatMap(customTypes);
    default:
      return [];
  }
}

/** Bounds in words, in the order they were declared; a pattern is not told, as in the reference. */
export function constraintsText(constraints: readonly Constraint[]): string {
  return constraints
    .flatMap(({ name, value }) => {
      const words = CONSTRAINT_WORDS[name];
      return words === undefined ? [] : [`${words}: ${dumpedText(dumpValue(value, undefined))}`];
    })
    .join(', ');
}

/** What stands for a field in the layout: its name in braces and, for outputs that are not text, what is expected. */
export function placeholder(field: FieldSpec): string {
  const note = field.role === 'input' ? '' : typeNote(field);
  return note === '' ? `{${field.name}}` : `{${field.name}}${' '.repeat(8)}# note: the value you produce ${note}`;
}

function typeNote({ type }: FieldSpec): string {
  if (type.kind === 'custom' && type.behaviour.plainText === true) return '';
  const listed = (values: readonly unknown[]) =>
    values.map((value) => dumpedText(dumpValue(value, undefined))).join('; ');
  switch (type.kind) {
    case 'str':
      return '';
    case 'bool':
      return 'must be True or False';
    case 'int':
    case 'float':
      return `must be a single ${type.kind} value`;
    case 'enum':
      return `must be one of: ${listed(type.members.map((member) => member.value))}`;
    case 'literal':
      return `must exactly match (no extra characters) one of: ${listed(type.values)}`;
    default:
      return `must adhere to the JSON schema: ${jsonSchemaText(type)}`;
  }
}

/** The hint that follows a field's name in reminders: empty for text. */
export function typeHint(field: FieldSpec): string {
  if (field.type.kind === 'custom' && field.type.behaviour.hint !== undefined) return ` (${field.type.behaviour.hint})`;
  return field.type.kind === 'str' ? '' : ` (must be formatted as a valid Python ${displayName(field.type)})`;
}

/** The line that opens a field: `[[ ## name ## ]]`. */
export function header(name: string): string {
  return `[[ ## ${name} ## ]]`;
}

/** Blocks of header and text, set apart by a blank line. */
export function blocks(fields: readonly FieldSpec[], textOf: (field: FieldSpec) => string): string {
  return fields.map((field) => `${header(field.name)}\n${textOf(field)}`).join('\n\n');
}
