import { type Dumped, dumpValue, NumberText } from '../python/dump';
import type { Constraint, TypeSpec } from '../type-spec';

/** A JSON Schema while it is built; numbers keep their spelling, because prompts show it. */
export type Node = Map<string, Dumped>;

const LENGTH = { min_length: 'minLength', max_length: 'maxLength' } as const;
const ITEMS = { min_length: 'minItems', max_length: 'maxItems' } as const;
const PROPERTIES = { min_length: 'minProperties', max_length: 'maxProperties' } as const;
const BOUNDS: Readonly<Record<string, string>> = {
  gt: 'exclusiveMinimum',
  ge: 'minimum',
  lt: 'exclusiveMaximum',
  le: 'maximum',
  multiple_of: 'multipleOf',
  pattern: 'pattern',
};

/** Puts a bound into the schema of the value it bounds, under JSON Schema's name. */
export function addConstraint(schema: Node, { name, value }: Constraint, type: TypeSpec): void {
  const target = boundTarget(schema);
  if (name === 'min_length' || name === 'max_length') {
    const kind = target.get('type');
    const names = kind === 'array' ? ITEMS : kind === 'object' ? PROPERTIES : LENGTH;
    target.set(names[name], dumpValue(value, undefined));
  } else if (BOUNDS[name] !== undefined) {
    target.set(
      BOUNDS[name],
      typeof value === 'number' && type.kind === 'int' ? new NumberText(String(value)) : dumpValue(value, undefined),
    );
  }
}

/** Bounds on an optional value belong to the value, not to the choice. */
function boundTarget(schema: Node): Node {
  const options = schema.get('anyOf');
  if (!Array.isArray(options)) return schema;
  const typed = (options as readonly Dumped[]).filter(
    (option): option is Node => option instanceof Map && option.get('type') !== 'null',
  );
  return typed.length === 1 && typed[0] !== undefined ? typed[0] : schema;
}
