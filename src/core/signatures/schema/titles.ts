import type { TypeSpec } from '../type-spec';

/** Pydantic leaves the title out of a nullable reference to a named type. */
export function refersToNamed(type: TypeSpec): boolean {
  if (type.kind !== 'union') return false;
  const options = type.options.filter((option) => option.kind !== 'none');
  return (
    options.length < type.options.length &&
    options.length === 1 &&
    ['model', 'enum', 'custom'].includes(options[0]?.kind ?? '')
  );
}

/** Python's `str.title()` over the words of a name: `zip_code` gives `Zip Code`. */
export function titleOf(name: string): string {
  return name
    .replaceAll('_', ' ')
    .replace(/\p{L}+/gu, (word) => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase());
}
