import type { LMCapabilities } from '../../core/ports/lm';
import type { ResponseFormat } from '../../core/primitives/lm-request';
import { type JsonSchema, jsonSchemaOfFields } from '../../core/signatures/json-schema';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import type { TypeSpec } from '../../core/signatures/type-spec';
import { nativeOf } from './native/native-fields';

type Schema = Record<string, unknown>;

/** The name under which the schema of the outputs is sent. */
const SCHEMA_NAME = 'DSPyProgramOutputs';

/**
 * What to ask of the model so that its answer is a JSON object with the outputs: their schema in the strict form that
 * providers want, or any object where the model knows no schemas or a dictionary has free keys (a strict schema would
 * forbid all of them); nothing when the model has no JSON mode.
 */
export function responseFormat(
  spec: SignatureSpec,
  capabilities: LMCapabilities,
  nativeToolCalls: boolean,
): ResponseFormat | undefined {
  if (!capabilities.jsonMode && !capabilities.jsonSchema) return undefined;
  // Tool calls are not in the text when the provider gives them; their arguments have free keys when it does not.
  const outputs = spec.outputs.filter(({ type }) => !(nativeToolCalls && nativeOf(type) === 'tool-calls'));
  if (!capabilities.jsonSchema || outputs.some((field) => hasFreeKeys(field.type))) return { type: 'json_object' };
  const fields = outputs.map(({ name, type, default: initial }) => ({
    name,
    type,
    ...(initial === undefined ? {} : { default: initial }),
  }));
  const schema = jsonSchemaOfFields(SCHEMA_NAME, fields);
  const definitions = (schema['$defs'] ?? {}) as Record<string, Schema>;
  return { type: 'json_schema', name: SCHEMA_NAME, schema: strict(schema, definitions), strict: true };
}

/** True when the type holds a dictionary, at any depth. */
function hasFreeKeys(type: TypeSpec, seen = new Set<TypeSpec>()): boolean {
  if (seen.has(type)) return false;
  seen.add(type);
  const within = (types: readonly (TypeSpec | undefined)[]) =>
    types.some((inner) => inner !== undefined && hasFreeKeys(inner, seen));
  switch (type.kind) {
    case 'dict':
      return true;
    case 'list':
    case 'set':
    case 'frozenset':
      return within([type.item]);
    case 'tuple':
      return within(type.items);
    case 'union':
      return within(type.options);
    case 'model':
      return within(type.fields.map((field) => field.type));
    case 'custom':
      return within([type.behaviour.shape]) || admitsAnyKey(type.behaviour.schema);
    default:
      return false;
  }
}

/** True when a JSON Schema made elsewhere holds an object whose keys it does not list. */
function admitsAnyKey(schema: unknown): boolean {
  if (typeof schema !== 'object' || schema === null) return false;
  const { type, properties, additionalProperties: others = false } = schema as Schema;
  if (type === 'object' && (properties === undefined || others !== false)) return true;
  return Object.values(schema).some(admitsAnyKey);
}

/** Every object closed and every property required; no default of null; a reference stands alone. */
function strict(schema: JsonSchema, definitions: Readonly<Record<string, Schema>>): Schema {
  const { $ref: reference, ...siblings } = schema;
  if (typeof reference === 'string' && Object.keys(siblings).length > 0) {
    const target = definitions[reference.slice('#/$defs/'.length)] ?? {};
    return strict({ ...target, ...siblings }, definitions);
  }
  const shaped: Schema = {};
  for (const [key, value] of Object.entries(schema)) {
    if (key === 'default' && value === null) continue;
    shaped[key] = shapeMember(key, value, definitions);
  }
  if (shaped['type'] === 'object') {
    shaped['properties'] ??= {};
    shaped['required'] = Object.keys(shaped['properties'] as object);
    shaped['additionalProperties'] = false;
  }
  return shaped;
}

function shapeMember(key: string, value: unknown, definitions: Readonly<Record<string, Schema>>): unknown {
  if (key === 'properties' || key === '$defs') {
    const members = Object.entries(value as Record<string, Schema>);
    return Object.fromEntries(members.map(([name, member]) => [name, strict(member, definitions)]));
  }
  if (['anyOf', 'oneOf', 'allOf', 'prefixItems'].includes(key))
    return (value as Schema[]).map((option) => strict(option, definitions));
  return key === 'items' ? strict(value as Schema, definitions) : value;
}
