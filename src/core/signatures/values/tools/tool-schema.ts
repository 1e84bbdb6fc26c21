import { type JsonSchema, jsonSchemaOf } from '../../json-schema';
import { type Dumped, dumpValue, NumberText } from '../../python/dump';
import { pythonFloat } from '../../python/number';
import type { ModelField } from '../../type-spec';

/** The JSON Schema of each argument of a tool, by name. */
export type ToolArguments = Readonly<Record<string, JsonSchema>>;

type Definitions = Readonly<Record<string, JsonSchema>>;

/** The schemas of typed arguments: references are written out, defaults and descriptions come last. */
export function argumentsOf(fields: readonly ModelField[]): ToolArguments {
  return Object.fromEntries(
    fields.map(({ name, type, desc, default: initial }) => {
      const { $defs, ...schema } = jsonSchemaOf(type);
      return [
        name,
        {
          ...(inlined(schema, ($defs ?? {}) as Definitions, []) as JsonSchema),
          ...(initial === undefined ? {} : { default: initial.value ?? null }),
          ...(desc === undefined ? {} : { description: desc }),
        },
      ];
    }),
  );
}

/** Every reference replaced by what it refers to; a type inside itself is any object. Keys are in pydantic's order. */
function inlined(schema: unknown, definitions: Definitions, open: readonly string[]): unknown {
  if (Array.isArray(schema)) return schema.map((item) => inlined(item, definitions, open));
  if (schema === null || typeof schema !== 'object') return schema;
  const { $ref: reference, ...rest } = schema as Record<string, unknown>;
  if (typeof reference === 'string') {
    const name = reference.slice('#/$defs/'.length);
    if (open.includes(name)) return { type: 'object' };
    return inlined(definitions[name], definitions, [...open, name]);
  }
  return Object.fromEntries(
    Object.entries(rest)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, member]) => [key, memberOf(key, member, definitions, open)]),
  );
}

function memberOf(key: string, member: unknown, definitions: Definitions, open: readonly string[]): unknown {
  if (key === 'default' || key === 'enum' || key === 'const') return member;
  if (key !== 'properties') return inlined(member, definitions, open);
  const properties = Object.entries(member as Definitions);
  return Object.fromEntries(properties.map(([name, schema]) => [name, inlined(schema, definitions, open)]));
}

/** A schema as prompts show it; the default of a `number` keeps its fraction. */
export function dumpSchema(schema: unknown): Dumped {
  if (Array.isArray(schema)) return schema.map(dumpSchema);
  if (schema === null || typeof schema !== 'object') return dumpValue(schema, undefined);
  const { type } = schema as { type?: unknown };
  return new Map(
    Object.entries(schema).map(([key, member]): [string, Dumped] =>
      key === 'default' && type === 'number' && typeof member === 'number'
        ? [key, new NumberText(pythonFloat(member))]
        : [key, dumpSchema(member)],
    ),
  );
}
