import { displayName } from '../display-name';
import type { JsonSchema } from '../json-schema';
import { ANY, BOOL, FLOAT, INT, type LiteralValue, NONE, STR, type TypeSpec, unionType } from '../type-spec';

const SCALARS: Readonly<Record<string, TypeSpec>> = {
  string: STR,
  integer: INT,
  number: FLOAT,
  boolean: BOOL,
  null: NONE,
};

/** What prompts call the values of a JSON Schema: its title where that is a name, else a type in Python's notation. */
export function schemaName(schema: JsonSchema): string {
  const { title } = schema;
  return typeof title === 'string' && /^\w+$/.test(title) ? title : displayName(typeIn(schema));
}

function typeIn(schema: unknown): TypeSpec {
  if (typeof schema !== 'object' || schema === null) return ANY;
  const { type, const: only, enum: values, anyOf, items } = schema as Record<string, unknown>;
  if (only !== undefined) return { kind: 'literal', values: [only as LiteralValue] };
  if (Array.isArray(values)) return { kind: 'literal', values: values as LiteralValue[] };
  if (Array.isArray(anyOf)) return unionType(anyOf.map(typeIn));
  if (Array.isArray(type)) return unionType(type.map((one) => typeIn({ type: one, items })));
  if (type === 'array') return items === undefined ? { kind: 'list' } : { kind: 'list', item: typeIn(items) };
  if (type === 'object') return { kind: 'dict', key: STR, value: ANY };
  return SCALARS[String(type)] ?? ANY;
}
