import { RecursiveOutlineError } from '../../../core/errors/adapter-errors';
import { displayName } from '../../../core/signatures/display-name';
import { pythonStrip } from '../../../core/signatures/python/whitespace';
import {
  ANY,
  type LiteralValue,
  type ModelField,
  type ModelType,
  NONE,
  optionalType,
  STR,
  type TypeSpec,
} from '../../../core/signatures/type-spec';

const INDENT = '  ';
const BASE_NAMES: Readonly<Partial<Record<TypeSpec['kind'], string>>> = {
  str: 'string',
  bool: 'boolean',
  // Python's typing has no name for the items of these.
  set: 'set',
  tuple: 'tuple',
};

/**
 * A type in short, after BAML's notation: `string[]`, `int or null`, `"a" or "b"`, a nested class as a block with its
 * descriptions as comments. Throws `RecursiveOutlineError` for a class that contains itself.
 */
export function typeOutline(type: TypeSpec): string {
  return outline(type, 0, new Set());
}

/** `around` are the classes that this part stands in. */
function outline(type: TypeSpec, level: number, around: ReadonlySet<unknown>): string {
  const model = outlinedModel(type);
  if (model !== undefined) return modelOutline(model, level, around);
  switch (type.kind) {
    case 'union': {
      const others = type.options.filter((option) => option.kind !== 'none');
      const text = others.map((option) => outline(option, level, around)).join(' or ');
      return others.length < type.options.length ? `${text} or null` : text;
    }
    case 'literal':
      return type.values.map(literalText).join(' or ');
    case 'list': {
      if (type.item === undefined) return 'list';
      const item = outlinedModel(type.item);
      if (item === undefined) return `${outline(type.item, level, around)}[]`;
      return `[\n${modelOutline(item, level + 1, around)}\n${INDENT.repeat(level)}]`;
    }
    case 'dict':
      if (type.key === undefined || type.value === undefined) return 'dict';
      return `dict[${outline(type.key, level, around)}, ${outline(type.value, level, around)}]`;
    default:
      return BASE_NAMES[type.kind] ?? displayName(type);
  }
}

/** What is told as a block: nested classes and custom types with members; Python's other records are told by name. */
function outlinedModel(type: TypeSpec): ModelType | undefined {
  if (type.kind === 'custom') return type.behaviour.native === 'tool-calls' ? TOOL_CALLS : type.behaviour.shape;
  return type.kind === 'model' && type.record === undefined ? type : undefined;
}

const NULLABLE_STR = optionalType(STR);
const TOOL_CALL: ModelType = {
  kind: 'model',
  name: 'ToolCall',
  fields: [
    { name: 'id', type: NULLABLE_STR },
    { name: 'name', type: STR },
    { name: 'args', type: { kind: 'dict', key: STR, value: ANY } },
  ],
};
/** The notation tells all members of Python's class, also those that only the program fills in. */
const TOOL_CALLS: ModelType = {
  kind: 'model',
  name: 'ToolCalls',
  fields: [
    { name: 'tool_calls', type: { kind: 'list', item: TOOL_CALL } },
    { name: 'tool_call_results', type: { kind: 'union', options: [ANY, NONE] } },
  ],
};

function literalText(value: LiteralValue): string {
  return typeof value === 'string' ? `"${value}"` : String(value);
}

function modelOutline(model: ModelType, level: number, around: ReadonlySet<unknown>): string {
  const identity = model.construct ?? model;
  if (around.has(identity)) throw new RecursiveOutlineError(model.name);
  const within = new Set([...around, identity]);
  const indent = INDENT.repeat(level);
  const inner = INDENT.repeat(level + 1);
  const lines = [
    ...(level === 0 ? comments(model, indent) : []),
    `${indent}{`,
    ...(model.fields.length === 0 ? [`${inner}# No fields defined`] : []),
    ...model.fields.flatMap((field) => [
      ...fieldComments(field, inner),
      `${inner}${field.name}: ${outline(field.type, level + 1, within)},`,
    ]),
    `${indent}}`,
  ];
  return lines.join('\n');
}

/** What is known of a field, then of the class it holds. */
function fieldComments(field: ModelField, indent: string): readonly string[] {
  const { desc = '', alias } = field;
  const known = alias === undefined ? [] : [`${indent}# alias: ${alias}`];
  const described = desc === '' ? known : [`${indent}# ${desc}`];
  const held = outlinedModel(withoutNone(field.type));
  return held === undefined ? described : [...described, ...comments(held, indent)];
}

function withoutNone(type: TypeSpec): TypeSpec {
  if (type.kind !== 'union') return type;
  const others = type.options.filter((option) => option.kind !== 'none');
  return others.length === 1 && others[0] !== undefined ? others[0] : type;
}

function comments({ doc = '' }: ModelType, indent: string): readonly string[] {
  const lines = doc.split('\n').map(pythonStrip);
  return lines.filter((line) => line !== '').map((line) => `${indent}# ${line}`);
}
