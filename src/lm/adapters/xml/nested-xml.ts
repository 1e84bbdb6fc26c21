import { jsonSchemaOf } from '../../../core/signatures/json-schema';
import type { Dumped } from '../../../core/signatures/python/dump';
import { dumpedText } from '../../../core/signatures/python-text';
import type { TypeSpec } from '../../../core/signatures/type-spec';

/** A part of a JSON Schema. */
export type Schema = Readonly<Record<string, unknown>>;

/** The JSON Schema of a type with the definitions it refers to. */
export interface XmlShape {
  readonly schema: Schema;
  readonly definitions: Readonly<Record<string, Schema>>;
}

const shapes = new WeakMap<TypeSpec, XmlShape>();

/** The shape of a type's values in XML; kept, because every answer asks for it. */
export function xmlShapeOf(type: TypeSpec): XmlShape {
  let shape = shapes.get(type);
  if (shape === undefined) {
    const schema = jsonSchemaOf(type, { byName: true });
    shape = { schema, definitions: (schema['$defs'] ?? {}) as XmlShape['definitions'] };
    shapes.set(type, shape);
  }
  return shape;
}

/** True for outputs that are laid out as nested elements: lists and dictionaries with stated types, and nested classes. */
export function isNestedXml(type: TypeSpec): boolean {
  switch (type.kind) {
    case 'union': {
      const options = type.options.filter((option) => option.kind !== 'none');
      return options.length === 1 && options[0] !== undefined && isNestedXml(options[0]);
    }
    case 'list':
      return type.item !== undefined && type.item.kind !== 'custom';
    case 'dict':
      return type.key !== undefined;
    case 'model':
      return type.record !== 'dataclass';
    default:
      return false;
  }
}

/** The elements that a value of a type consists of, with dots in place of the texts. */
export function xmlSkeleton(tag: string, type: TypeSpec): string {
  const { schema, definitions } = xmlShapeOf(type);
  return skeleton(tag, schema, definitions, new Set());
}

function skeleton(
  tag: string,
  schema: Schema,
  definitions: XmlShape['definitions'],
  seen: ReadonlySet<string>,
): string {
  const name = referredName(schema);
  if (name !== undefined) {
    // What contains itself is shown once.
    if (seen.has(name)) return `<${tag}>...</${tag}>`;
    return skeleton(tag, definitions[name] ?? {}, definitions, new Set([...seen, name]));
  }
  const options = schema['anyOf'] as readonly Schema[] | undefined;
  const option = options?.find(({ type }) => type !== 'null') ?? options?.[0];
  if (option !== undefined) return skeleton(tag, option, definitions, seen);
  if (schema['type'] === 'array') {
    return `<${tag}>${skeleton('item', (schema['items'] ?? {}) as Schema, definitions, seen)}</${tag}>`;
  }
  const properties = Object.entries((schema['properties'] ?? {}) as Readonly<Record<string, Schema>>);
  const inner = properties.map(([key, member]) => skeleton(key, member, definitions, seen)).join('');
  return `<${tag}>${inner === '' ? '...' : inner}</${tag}>`;
}

/** The definition that a schema refers to, if it only refers. */
export function referredName(schema: Schema): string | undefined {
  const reference = schema['$ref'];
  return typeof reference === 'string' ? reference.slice(reference.lastIndexOf('/') + 1) : undefined;
}

/** A value as nested elements: items of lists, members of objects under their names or, where that is no name, as entries. */
export function nestedXml(value: Dumped, tag: string, key?: string): string {
  const attributes = key === undefined ? '' : ` key=${quotedAttribute(key)}`;
  if (value === null) return `<${tag}${attributes} />`;
  if (Array.isArray(value)) {
    const items = value.map((item: Dumped) => nestedXml(item, 'item')).join('');
    return items === '' ? `<${tag}${attributes} />` : `<${tag}${attributes}>${items}</${tag}>`;
  }
  const inner =
    value instanceof Map
      ? [...(value as ReadonlyMap<string, Dumped>)].map(([name, member]) => memberXml(name, member)).join('')
      : escapeOpening(dumpedText(value));
  return `<${tag}${attributes}>${inner}</${tag}>`;
}

function memberXml(name: string, member: Dumped): string {
  return isName(name) ? nestedXml(member, name) : nestedXml(member, 'entry', name);
}

/** The characters that would open markup, escaped. */
export function escapeOpening(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
}

/** A Python identifier, with `-` and `.` allowed after its first letter. */
function isName(text: string): boolean {
  return /^[\p{XID_Start}_][\p{XID_Continue}.-]*$/u.test(text);
}

const SPACES: Readonly<Record<string, string>> = { '\n': '&#10;', '\r': '&#13;', '\t': '&#9;' };

/** In double quotes, or in single ones where that saves escaping. */
function quotedAttribute(text: string): string {
  const escaped = escapeOpening(text)
    .replaceAll('>', '&gt;')
    .replace(/[\n\r\t]/g, (unit) => SPACES[unit] ?? unit);
  if (!escaped.includes('"')) return `"${escaped}"`;
  return escaped.includes("'") ? `"${escaped.replaceAll('"', '&quot;')}"` : `'${escaped}'`;
}
