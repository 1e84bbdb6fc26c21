import { NoJsonSchemaError } from '../errors/signature-errors';
import { cleandoc } from './cleandoc';
import { type Dumped, dumpValue, NumberText } from './python/dump';
import { pythonJson } from './python/json-text';
import { addConstraint, type Node } from './schema/bounds';
import { foreignSchema } from './schema/foreign';
import { enumeration, literal, node } from './schema/literals';
import { tagsOf } from './schema/tags';
import { refersToNamed, titleOf } from './schema/titles';
import type { CustomBehaviour, EnumType, ModelField, ModelType, TypeSpec, UnionType } from './type-spec';

/** A JSON Schema, as plain JSON. */
export type JsonSchema = Readonly<Record<string, unknown>>;

/**
 * The JSON Schema of a type in the shape pydantic gives it: titles, `$defs`, `anyOf` with null. With `byName` fields stand
 * under their names, not their aliases.
 */
export function jsonSchemaOf(type: TypeSpec, { byName = false } = {}): JsonSchema {
  return plain(schemaOf(type, byName)) as JsonSchema;
}

/** One JSON Schema of an object with these fields, their nested types side by side in `$defs`. */
export function jsonSchemaOfFields(name: string, fields: readonly ModelField[]): JsonSchema {
  return jsonSchemaOf({ kind: 'model', name, fields });
}

/** The schema as prompts show it: keys sorted at every level, `type` first, Python's separators. */
export function jsonSchemaText(type: TypeSpec): string {
  return pythonJson(sorted(schemaOf(type)));
}

function schemaOf(type: TypeSpec, byName = false): Node {
  const builder = new SchemaBuilder(byName);
  const schema = builder.build(type);
  const reference = builder.nameOf(type);
  if (reference !== undefined && builder.uses(reference) === 1) {
    const root = builder.take(reference);
    return withDefs(builder.defs, root);
  }
  return withDefs(builder.defs, schema);
}

function withDefs(defs: Node, schema: Node): Node {
  return defs.size === 0 ? schema : new Map<string, Dumped>([['$defs', defs], ...schema]);
}

/** Pydantic writes null after the other options, wherever it stood. */
function noneLast(options: readonly TypeSpec[]): readonly TypeSpec[] {
  const isNone = (option: TypeSpec) => option.kind === 'none';
  return [...options.filter((option) => !isNone(option)), ...options.filter(isNone)];
}

/** Collects the schemas of named types while it builds; a name met again becomes a reference. */
class SchemaBuilder {
  readonly defs: Node = new Map();
  private readonly names = new Map<string, string>();

  constructor(private readonly byName: boolean) {}

  private readonly counts = new Map<string, number>();
  /** Schemas made elsewhere, each built once. */
  private readonly foreign = new Map<object, Node>();

  build(type: TypeSpec): Node {
    switch (type.kind) {
      case 'str':
        return node({ type: 'string' });
      case 'int':
        return node({ type: 'integer' });
      case 'float':
        return node({ type: 'number' });
      case 'bool':
        return node({ type: 'boolean' });
      case 'none':
        return node({ type: 'null' });
      case 'any':
      case 'object':
        return new Map();
      case 'complex':
        return node({ type: 'string' });
      case 'date':
      case 'datetime':
      case 'time':
      case 'timedelta':
      case 'bytes':
      case 'uuid':
        return node({ type: 'string', format: FORMATS[type.kind] });
      case 'decimal':
        return node({ anyOf: [node({ type: 'number' }), node({ type: 'string' })] });
      case 'list':
        return node({ type: 'array', items: this.orAnything(type.item) });
      case 'set':
      case 'frozenset':
        return node({ type: 'array', items: this.orAnything(type.item), uniqueItems: true });
      case 'dict':
        return this.dict(type.key, type.value);
      case 'tuple':
        return this.tuple(type.items, type.variadic ?? false);
      case 'union':
        return this.union(type);
      case 'literal':
        return literal(type);
      case 'enum':
        return this.reference(type, () => enumeration(type));
      case 'model':
        return this.reference(type, () => this.model(type));
      case 'custom':
        return this.custom(type.behaviour);
    }
  }

  nameOf(type: TypeSpec): string | undefined {
    if (type.kind === 'custom') return type.behaviour.shape && this.nameOf(type.behaviour.shape);
    return type.kind === 'model' || type.kind === 'enum' ? this.names.get(identity(type)) : undefined;
  }

  uses(name: string): number {
    return this.counts.get(name) ?? 0;
  }

  /** Removes a definition, to put it in place of its only reference. */
  take(name: string): Node {
    const schema = this.defs.get(name) as Node;
    this.defs.delete(name);
    return schema;
  }

  private reference(type: ModelType | EnumType, build: () => Node): Node {
    const key = identity(type);
    let name = this.names.get(key);
    if (name === undefined) {
      name = type.name;
      for (let suffix = 2; this.defs.has(name); suffix++) name = `${type.name}${suffix}`;
      this.names.set(key, name);
      this.defs.set(name, null);
      this.counts.set(name, 1);
      this.defs.set(name, build());
    } else this.counts.set(name, this.uses(name) + 1);
    return node({ $ref: `#/$defs/${name}` });
  }

  private orAnything(item: TypeSpec | undefined): Node {
    return item === undefined ? new Map() : this.build(item);
  }

  private dict(key: TypeSpec | undefined, value: TypeSpec | undefined): Node {
    const members = this.orAnything(value);
    const schema = node({ type: 'object', additionalProperties: members.size === 0 ? true : members });
    if (key?.kind === 'literal' || key?.kind === 'enum') {
      const names = this.build(key);
      // The names of properties are texts anyway.
      names.delete('type');
      schema.set('propertyNames', names);
    }
    return schema;
  }

  private tuple(items: readonly TypeSpec[], variadic: boolean): Node {
    if (variadic) return node({ type: 'array', items: this.orAnything(items[0]) });
    const length = new NumberText(String(items.length));
    const schema = node({ type: 'array', maxItems: length, minItems: length });
    if (items.length > 0)
      schema.set(
        'prefixItems',
        items.map((item) => this.build(item)),
      );
    return schema;
  }

  private union({ options, discriminator }: UnionType): Node {
    if (discriminator === undefined) return node({ anyOf: noneLast(options).map((option) => this.build(option)) });
    const classes = options.filter((option) => option.kind !== 'none');
    const built = classes.map((option) => this.build(option));
    const mapping = new Map(
      classes.flatMap((option, at) =>
        tagsOf(option, discriminator).map((tag): [string, Dumped] => [String(tag), built[at]?.get('$ref') ?? null]),
      ),
    );
    const chosen = node({ discriminator: node({ mapping, propertyName: discriminator }), oneOf: built });
    return classes.length === options.length ? chosen : node({ anyOf: [chosen, node({ type: 'null' })] });
  }

  private custom({ name, shape, schema, closed }: CustomBehaviour): Node {
    if (shape !== undefined) {
      const build = () => new Map([...(closed ? [CLOSED] : []), ...this.model(shape)]);
      return this.reference(shape, build);
    }
    if (schema !== undefined) {
      const known = this.foreign.get(schema) ?? foreignSchema(name, schema, this.defs);
      this.foreign.set(schema, known);
      return new Map(known);
    }
    throw new NoJsonSchemaError(name);
  }

  private model(type: ModelType): Node {
    const properties: Node = new Map();
    for (const field of type.fields) properties.set(this.keyOf(field), this.property(field));
    const required = type.fields
      .filter((field) => field.default === undefined && field.required !== false)
      .map((field) => this.keyOf(field));
    const doc = type.doc === undefined ? '' : cleandoc(type.doc);
    return node({
      ...(type.extra === undefined ? {} : { additionalProperties: type.extra === 'allow' }),
      ...(doc === '' ? {} : { description: doc }),
      properties,
      ...(required.length === 0 ? {} : { required }),
      title: type.name,
      type: 'object',
    });
  }

  private keyOf({ name, alias }: ModelField): string {
    return this.byName ? name : (alias ?? name);
  }

  private property(field: ModelField): Node {
    const schema = this.build(field.type);
    for (const constraint of field.constraints ?? []) addConstraint(schema, constraint, field.type);
    // A default that is an object is made anew for each value, like pydantic's default_factory: schemas leave it out.
    const shown = field.default;
    if (shown !== undefined && (shown.value === null || typeof shown.value !== 'object')) {
      schema.set('default', dumpValue(shown.value, field.type));
    }
    if (field.desc !== undefined) schema.set('description', field.desc);
    if (!schema.has('$ref') && !refersToNamed(field.type)) schema.set('title', titleOf(this.keyOf(field)));
    return schema;
  }
}

const FORMATS = {
  date: 'date',
  datetime: 'date-time',
  time: 'time',
  timedelta: 'duration',
  bytes: 'binary',
  uuid: 'uuid',
} as const;

const CLOSED: readonly [string, Dumped] = ['additionalProperties', false];

/** Two specs of one class are one type, whatever object describes them. */
const identities = new WeakMap<object, string>();
let nextIdentity = 0;

function identity(type: ModelType | EnumType): string {
  const key: object = type.kind === 'model' && type.construct !== undefined ? type.construct : type;
  let known = identities.get(key);
  if (known === undefined) {
    known =
      type.kind === 'enum' ? `enum ${type.name} ${JSON.stringify(type.members)}` : `${type.name} ${nextIdentity++}`;
    identities.set(key, known);
  }
  return known;
}

function sorted(value: Dumped): Dumped {
  if (Array.isArray(value)) return value.map(sorted);
  if (!(value instanceof Map)) return value;
  const rank = (key: string) => (key === 'type' ? `0${key}` : `1${key}`);
  const entries = [...(value as ReadonlyMap<string, Dumped>)].sort(([a], [b]) => (rank(a) < rank(b) ? -1 : 1));
  return new Map(entries.map(([key, member]) => [key, sorted(member)]));
}

function plain(value: Dumped): unknown {
  if (value instanceof NumberText) return Number(value.text);
  if (Array.isArray(value)) return value.map(plain);
  if (!(value instanceof Map)) return value;
  return Object.fromEntries([...(value as ReadonlyMap<string, Dumped>)].map(([key, member]) => [key, plain(member)]));
}
