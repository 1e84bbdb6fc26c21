import { CustomParts, placeOf } from '../values/custom-parts';
import { type Dumped, NumberText } from './dump';

/**
 * JSON as Python's `json.dumps(..., ensure_ascii=False)` writes it: `, ` and `: ` between members, or with `indent`
 * one member a line. Infinities and NaN are written as Python writes them, though JSON does not have them.
 */
export function pythonJson(value: Dumped, indent?: number, level = 0): string {
  if (value instanceof NumberText) return SPECIALS[value.text] ?? value.text;
  if (value instanceof CustomParts) return `"${placeOf(value, true)}"`;
  if (value === null || typeof value === 'boolean' || typeof value === 'string') return JSON.stringify(value);
  const inner = indent === undefined ? '' : `\n${' '.repeat(indent * (level + 1))}`;
  const outer = indent === undefined ? '' : `\n${' '.repeat(indent * level)}`;
  const separator = indent === undefined ? ', ' : ',';
  const isList = Array.isArray(value);
  const members = isList
    ? (value as readonly Dumped[]).map((item) => `${inner}${pythonJson(item, indent, level + 1)}`)
    : [...(value as ReadonlyMap<string, Dumped>)].map(
        ([key, member]) => `${inner}${JSON.stringify(key)}: ${pythonJson(member, indent, level + 1)}`,
      );
  const [open, close] = isList ? '[]' : '{}';
  return members.length === 0 ? `${open}${close}` : `${open}${members.join(separator)}${outer}${close}`;
}

const SPECIALS: Readonly<Record<string, string>> = { inf: 'Infinity', '-inf': '-Infinity', nan: 'NaN' };
