import { type Dumped, dumpValue } from '../python/dump';
import type { EnumType, LiteralType } from '../type-spec';
import type { Node } from './bounds';

/** A schema with these members. */
export function node(members: Record<string, Dumped>): Node {
  return new Map(Object.entries(members));
}

/** The schema of a literal: its values, and their type where they share one. */
export function literal(type: LiteralType): Node {
  const values = type.values.map((value) => dumpValue(value, undefined));
  const schema: Node = values.length === 1 ? node({ const: values[0] ?? null }) : node({ enum: values });
  const kind = commonType(type.values);
  if (kind !== undefined) schema.set('type', kind);
  return schema;
}

/** The schema of an enum. */
export function enumeration(type: EnumType): Node {
  const values = type.members.map((member) => member.value);
  const kind = commonType(values);
  return node({
    enum: values.map((value) => dumpValue(value, undefined)),
    title: type.name,
    ...(kind === undefined ? {} : { type: kind }),
  });
}

function commonType(values: readonly unknown[]): string | undefined {
  const kinds = new Set(values.map(jsonType));
  return kinds.size === 1 ? [...kinds][0] : undefined;
}

function jsonType(value: unknown): string {
  if (value === null) return 'null';
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number';
  return typeof value;
}
