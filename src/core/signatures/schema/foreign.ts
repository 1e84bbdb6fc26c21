import { type Dumped, dumpValue } from '../python/dump';
import type { Node } from './bounds';

type Members = Readonly<Record<string, unknown>>;

const REFERENCE = /^#(?:\/(?:\$defs|definitions)\/(.+))?$/;

/**
 * A JSON Schema made elsewhere, to stand inside one of ours: its definitions move into `defs` under names that are free
 * there, and references follow; a schema that refers to itself becomes a definition called `name`.
 */
export function foreignSchema(name: string, schema: Members, defs: Node): Node {
  const { $defs, definitions, ...root } = schema;
  const own: Readonly<Record<string, unknown>> = { ...(definitions as Members), ...($defs as Members) };
  const names = new Map<string, string>();
  for (const key of Object.keys(own)) names.set(key, reserve(key, defs));
  const refersToItself = JSON.stringify(schema).includes('"$ref":"#"');
  const self = refersToItself ? reserve(/^\w+$/.test(name) ? name : 'Value', defs) : undefined;
  const moved = (reference: string) => {
    const [found, key] = REFERENCE.exec(reference) ?? [];
    const target = key === undefined ? self : names.get(key);
    return found === undefined || target === undefined ? reference : `#/$defs/${target}`;
  };
  for (const [key, definition] of Object.entries(own)) defs.set(names.get(key) as string, dumped(definition, moved));
  const node = dumped(root, moved) as Node;
  if (self === undefined) return node;
  defs.set(self, node);
  return new Map([['$ref', `#/$defs/${self}`]]);
}

function reserve(key: string, defs: Node): string {
  let name = key;
  for (let suffix = 2; defs.has(name); suffix++) name = `${key}${suffix}`;
  defs.set(name, null);
  return name;
}

function dumped(schema: unknown, moved: (reference: string) => string): Dumped {
  return dumpValue(rewritten(schema, moved), undefined);
}

/** With references moved, and without the bounds that only say that a number is a safe integer. */
function rewritten(value: unknown, moved: (reference: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => rewritten(item, moved));
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).filter(([, member]) => Math.abs(Number(member)) !== Number.MAX_SAFE_INTEGER);
  return Object.fromEntries(
    members.map(([key, member]) => [
      key,
      key === '$ref' && typeof member === 'string' ? moved(member) : rewritten(member, moved),
    ]),
  );
}
