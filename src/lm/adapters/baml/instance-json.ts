import type { FieldSpec } from '../../../core/signatures/field-spec';
import { type Dumped, NumberText } from '../../../core/signatures/python/dump';
import { pythonJson } from '../../../core/signatures/python/json-text';
import { dumpField } from '../../../core/signatures/python-text';

/** An instance of a class as JSON, one member a line; `undefined` for every other value. */
export function instanceJson(field: FieldSpec, value: unknown): string | undefined {
  return isInstance(value) ? pythonJson(asPydantic(dumpField(field, value, true)), 2) : undefined;
}

function isInstance(value: unknown): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  const isData = [Date, Map, Set, Uint8Array].some((kind) => value instanceof kind);
  return prototype !== null && prototype !== Object.prototype && !isData;
}

/** Numbers as pydantic spells them in JSON of its own, which is not how Python prints them. */
function asPydantic(value: Dumped): Dumped {
  if (value instanceof NumberText) return numberText(value);
  if (Array.isArray(value)) return value.map(asPydantic);
  if (!(value instanceof Map)) return value;
  return new Map([...(value as ReadonlyMap<string, Dumped>)].map(([key, member]) => [key, asPydantic(member)]));
}

function numberText(number: NumberText): Dumped {
  const { text } = number;
  if (/^(?:-?inf|nan)$/.test(text)) return null;
  // 1e-05 is written out, smaller ones have no leading zero in the exponent.
  if (text.endsWith('e-05')) return new NumberText(Number(text).toFixed(20).replace(/0+$/, ''));
  return text.includes('e-0') ? new NumberText(text.replace('e-0', 'e-')) : number;
}
