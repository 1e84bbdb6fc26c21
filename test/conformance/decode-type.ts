import {
  ANY,
  type Constraint,
  type ModelField,
  type ModelType,
  optionalType,
  type TypeSpec,
} from '../../src/core/signatures/type-spec';
import { decodeOwnType, decodeUserType } from './custom/decode-custom';
import { decodeValue } from './decode-value';
import { NotApplicable } from './not-applicable';

/** A type as the vectors describe it. */
export interface TypeDescription {
  readonly kind: string;
  // biome-ignore lint/suspicious/noExplicitAny: each kind has keys of its own
  readonly [key: string]: any;
}

const SCALARS = [
  ...['str', 'int', 'float', 'bool', 'none', 'any', 'object', 'date', 'datetime', 'time', 'timedelta'],
  ...['bytes', 'decimal', 'complex', 'uuid'],
];

/** The named types of one vector, so that a type can refer to itself and a value to its type. */
export class NamedTypes {
  private readonly named = new Map<string, TypeSpec>();

  get(name: string): TypeSpec | undefined {
    return this.named.get(name);
  }

  /** The type spec of a description. Throws `NotApplicable` for a kind that is not there yet. */
  decode(description: TypeDescription): TypeSpec {
    const { kind } = description;
    if (SCALARS.includes(kind)) return { kind } as TypeSpec;
    switch (kind) {
      case 'list':
      case 'set':
      case 'frozenset':
        return { kind, ...(description['item'] ? { item: this.decode(description['item']) } : {}) };
      case 'dict':
        if (!description['key']) return { kind };
        return { kind, key: this.decode(description['key']), value: this.decode(description['value'] ?? ANY) };
      case 'tuple': {
        const items = description['items'].map((item: TypeDescription) => this.decode(item));
        return { kind, items, ...(description['variadic'] ? { variadic: true } : {}) };
      }
      case 'optional':
        return optionalType(this.decode(description['item']));
      case 'union': {
        const options: TypeSpec[] = description['options'].map((option: TypeDescription) => this.decode(option));
        return { kind, options: options.flatMap((option) => (option.kind === 'union' ? option.options : [option])) };
      }
      case 'literal':
        return { kind, values: description['values'] };
      case 'enum':
        return this.remember(description['name'], {
          kind,
          name: description['name'],
          members: description['members'],
        });
      case 'model':
      case 'typeddict':
      case 'dataclass':
        return this.model(description);
      case 'ref':
        return this.reference(description['name']);
      case 'custom_type':
        return this.custom(description);
      default: {
        const own = decodeOwnType(description);
        if (own !== undefined) return own;
        throw new NotApplicable(`later issue: the type '${kind}'`);
      }
    }
  }

  private custom(description: TypeDescription): TypeSpec {
    const { name } = description;
    const { fields } = this.named.has(name)
      ? { fields: [] }
      : this.model({ ...description, kind: 'model', name: ` ${name}` });
    return this.named.get(name) ?? this.remember(name, decodeUserType(description, fields));
  }

  private remember<T extends TypeSpec>(name: string, type: T): T {
    this.named.set(name, type);
    return type;
  }

  private reference(name: string): TypeSpec {
    const known = this.named.get(name);
    if (known === undefined) throw new Error(`the vector refers to an unknown type '${name}'`);
    return known;
  }

  private model(description: TypeDescription): ModelType {
    const { name, doc } = description;
    const known = this.named.get(name);
    if (known?.kind === 'model') return known;
    const fields: ModelField[] = [];
    const made = { [name]: class {} }[name] as new () => object;
    const model = this.remember<ModelType>(name, {
      kind: 'model',
      name,
      ...(doc ? { doc } : {}),
      fields,
      ...(description.kind === 'typeddict' ? {} : { construct: made }),
      ...(description.kind === 'typeddict' || description.kind === 'dataclass' ? { record: description.kind } : {}),
      ...(description['extra'] === undefined || description['extra'] === 'ignore'
        ? {}
        : { extra: description['extra'] }),
      ...(description['populate_by_name'] === true ? { populateByName: true } : {}),
    });
    for (const field of description['fields']) {
      fields.push({
        name: field.name,
        type: this.decode(field.type),
        ...(field.desc ? { desc: field.desc } : {}),
        ...(field.alias === undefined ? {} : { alias: field.alias }),
        ...(field.required === false ? { required: false } : {}),
        ...(field.constraints ? { constraints: constraintsOf(field.constraints) } : {}),
        ...defaultOf(field, this),
      });
    }
    return model;
  }
}

/** Constraints of a field description, in their order. */
export function constraintsOf(described: Record<string, unknown> | undefined): readonly Constraint[] {
  return Object.entries(described ?? {}).map(([name, value]) => ({
    name: name as Constraint['name'],
    value: decodeValue(value, new NamedTypes()) as Constraint['value'],
  }));
}

/** The default of a field description; a factory is a fresh empty list or object. */
export function defaultOf(
  field: { default?: unknown; default_factory?: string },
  types: NamedTypes,
): { default?: { value: unknown } } {
  if (field.default_factory !== undefined) return { default: { value: field.default_factory === 'list' ? [] : {} } };
  return 'default' in field ? { default: { value: decodeValue(field.default, types) } } : {};
}
