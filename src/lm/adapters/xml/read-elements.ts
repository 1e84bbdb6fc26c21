import { ValueParseError } from '../../../core/errors/value-errors';
import { parseValue } from '../../../core/signatures/coerce';
import { validate } from '../../../core/signatures/coercion/validate';
import { pythonStrip } from '../../../core/signatures/python/whitespace';
import type { TypeSpec } from '../../../core/signatures/type-spec';
import { referredName, type Schema, type XmlShape, xmlShapeOf } from './nested-xml';
import { childrenByName, type XmlElement } from './xml-element';
import { xmlText } from './xml-text';

/**
 * The value of a type that elements of one name stand for. The type as a whole is tried first, then each option of a union. Throws
 * `ValueParseError`.
 */
export function readElements(elements: readonly XmlElement[], type: TypeSpec): unknown {
  const { schema, definitions } = xmlShapeOf(type);
  const candidates = [schema, ...((schema['anyOf'] ?? []) as readonly Schema[])];
  // The reference reads a class that stands in a union as if nothing were known of it; where that fails we look closer.
  const ways = Object.keys(definitions).length === 0 ? [false] : [false, true];
  let failure: unknown;
  for (const closely of ways) {
    for (const candidate of candidates) {
      try {
        return convert(plainValue(elements, candidate, { definitions, closely }), type);
      } catch (error) {
        if (!(error instanceof ValueParseError)) throw error;
        failure ??= error;
      }
    }
  }
  throw failure;
}

/** As JSON inside the element, else as the text it is. */
function convert(value: unknown, type: TypeSpec): unknown {
  try {
    return parseValue(value, type);
  } catch (error) {
    if (!(error instanceof ValueParseError) || type.kind === 'enum') throw error;
    return validate(value, type, true);
  }
}

interface Way {
  readonly definitions: XmlShape['definitions'];
  readonly closely: boolean;
}

/** Texts, lists and objects, as the schema says which of them the elements are. */
function plainValue(elements: readonly XmlElement[], given: Schema, way: Way): unknown {
  const first = elements[0] as XmlElement;
  const hasChildren = first.children.length > 0;
  const text = pythonStrip(first.text);
  let schema = resolved(given, way);

  const options = schema['anyOf'] as readonly Schema[] | undefined;
  if (options !== undefined) {
    const isNull = (option: Schema) => option['type'] === 'null';
    if (options.some(isNull) && !hasChildren && text === '') return null;
    const others = options.filter((option) => !isNull(option));
    const chosen = (hasChildren ? others.find((option) => option['type'] !== 'string') : undefined) ?? others[0] ?? {};
    schema = way.closely ? resolved(chosen, way) : chosen;
  }
  if (schema['type'] === 'array') {
    if (elements.length === 1 && !hasChildren && (text === '' || text.startsWith('['))) return text === '' ? [] : text;
    const inner = elements.length === 1 ? childrenByName(first).get('item') : undefined;
    return (inner ?? elements).map((element) => plainValue([element], (schema['items'] ?? {}) as Schema, way));
  }
  if (schema['type'] === 'string' && hasChildren) return first.text + first.children.map(xmlText).join('');
  if (hasChildren) return plainObject(first, schema, way);
  if (schema['type'] === 'object' && text === '') return {};
  return elements.length === 1 ? text : elements.map((element) => pythonStrip(element.text));
}

function plainObject(element: XmlElement, schema: Schema, way: Way): object {
  const properties = (schema['properties'] ?? {}) as Readonly<Record<string, Schema>>;
  const others = schema['additionalProperties'];
  const other = typeof others === 'object' && others !== null ? (others as Schema) : {};
  const members = [...childrenByName(element)].map(([name, children]): [string, unknown] => [
    name,
    plainValue(children, Object.hasOwn(properties, name) ? (properties[name] ?? other) : other, way),
  ]);
  return Object.fromEntries(members);
}

function resolved(schema: Schema, { definitions }: Way): Schema {
  const name = referredName(schema);
  return name === undefined ? schema : (definitions[name] ?? schema);
}
