/** Pieces of GBNF, the grammar notation of llama.cpp. */

/** A terminal for exactly this text. */
export function terminal(text: string): string {
  const escaped = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', '\\"')
    .replaceAll('\n', '\\n')
    .replaceAll('\r', '\\r')
    .replaceAll('\t', '\\t');
  return `"${escaped}"`;
}

/** One of several expressions. */
export function choice(options: readonly string[]): string {
  const distinct = [...new Set(options)];
  return distinct.length === 1 ? (distinct[0] ?? '') : `(${distinct.join(' | ')})`;
}

/** Between `low` and `high` times, both included. */
export function times(expression: string, low: number, high: number): string {
  return `(${expression}){${low},${high}}`;
}

/** What stands between the quotes of a JSON string, one character; the escapes are those Python writes. */
export const STRING_CHARACTER = String.raw`[^"\\\x00-\x1F\x7F] | "\\" ["\\nrt]`;
export const WHOLE_NUMBER = '("0" | [1-9] [0-9]{0,15})';
export const FRACTION = '("." [0-9]{1,15})? ([eE] [-+]? [0-9]{1,3})?';

const DATE = '[0-9]{4} "-" ("0" [1-9] | "1" [0-2]) "-" ("0" [1-9] | [12] [0-9] | "3" [01])';
const CLOCK = '([01] [0-9] | "2" [0-3]) ":" [0-5] [0-9]';
const ZONE = `("Z" | [-+] ${CLOCK})?`;

/** String formats whose shape a grammar can hold; others are free text, checked when parsed. */
export const STRING_FORMATS: ReadonlyMap<string, string> = new Map([
  ['date', DATE],
  ['time', `${CLOCK} ":" [0-5] [0-9] ("." [0-9]{1,6})? ${ZONE}`],
  ['date-time', `${DATE} "T" ${CLOCK} ":" [0-5] [0-9] ("." [0-9]{1,6})? ${ZONE}`],
  ['uuid', '[0-9a-f]{8} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{4} "-" [0-9a-f]{12}'],
]);
