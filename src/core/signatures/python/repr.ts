import { CustomParts } from '../values/custom-parts';
import { type Dumped, dumpValue, NumberText } from './dump';

/** A value as Python's `repr` prints it: `'text'`, `None`, `[1, 'x']`, `{'k': 1.5}`. */
export function pythonRepr(value: Dumped): string {
  if (value === null) return 'None';
  if (typeof value === 'boolean') return value ? 'True' : 'False';
  if (typeof value === 'string') return quoted(value);
  if (value instanceof NumberText) return value.text;
  if (value instanceof CustomParts) return pythonRepr(value.parts.map((part) => dumpValue(part, undefined)));
  if (Array.isArray(value)) return `[${value.map((item: Dumped) => pythonRepr(item)).join(', ')}]`;
  const members = [...(value as ReadonlyMap<string, Dumped>)];
  return `{${members.map(([key, member]) => `${quoted(key)}: ${pythonRepr(member)}`).join(', ')}}`;
}

const SHORT: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

function quoted(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  // Control characters, separators and lone surrogates have no printable form.
  const escaped = text.replace(/[\\\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]|(?! )\p{Zs}/gu, (unit) => SHORT[unit] ?? hex(unit));
  return quote + (quote === "'" ? escaped.replaceAll("'", "\\'") : escaped) + quote;
}

function hex(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, '0')}`;
  return code < 0x10000 ? `\\u${code.toString(16).padStart(4, '0')}` : `\\U${code.toString(16).padStart(8, '0')}`;
}
