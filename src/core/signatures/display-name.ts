import type { LiteralValue, TypeSpec } from './type-spec';

/** The name of a type in prompts, spelled as Python spells it: `list[str]`, `Union[int, NoneType]`, `Literal['a', 1]`. */
export function displayName(type: TypeSpec): string {
  switch (type.kind) {
    case 'none':
      return 'NoneType';
    case 'any':
      return 'Any';
    case 'decimal':
      return 'Decimal';
    case 'uuid':
      return 'UUID';
    case 'list':
      return listed(type.shownAs ?? 'list', type.item);
    case 'set':
    case 'frozenset':
      return listed(type.kind, type.item);
    case 'dict': {
      const name = type.shownAs ?? 'dict';
      if (type.key === undefined || type.value === undefined) return name;
      return `${name}[${displayName(type.key)}, ${displayName(type.value)}]`;
    }
    case 'tuple':
      if (type.variadic && type.items.length === 0) return 'tuple';
      return `tuple[${[...type.items.map(displayName), ...(type.variadic ? ['Ellipsis'] : [])].join(', ')}]`;
    case 'union':
      return `Union[${type.options.map(displayName).join(', ')}]`;
    case 'literal':
      return `Literal[${type.values.map(literalText).join(', ')}]`;
    case 'enum':
    case 'model':
      return type.name;
    case 'custom':
      return type.behaviour.shownAs ?? type.behaviour.name;
    default:
      return type.kind;
  }
}

function listed(name: string, item: TypeSpec | undefined): string {
  return item === undefined ? name : `${name}[${displayName(item)}]`;
}

/** A member of a `Literal[...]`, quoted as the reference quotes it. */
function literalText(value: LiteralValue): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'number') return String(value);
  if (!value.includes("'")) return `'${value}'`;
  return value.includes('"') ? `'${value.replaceAll("'", "\\'")}'` : `"${value}"`;
}
