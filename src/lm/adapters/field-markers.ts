/** What ends a line for Python, which is how answers are read. */
const LINE_ENDS = '\\n\\r\\v\\f\\x1c-\\x1e\\x85\\u2028\\u2029';
/** Blanks inside a line. */
const BLANKS = ' \\t\\x1f\\xa0\\u1680\\u2000-\\u200a\\u202f\\u205f\\u3000';
/** A line that begins as a header, perhaps with backslashes in it. */
const PLAIN = new RegExp(`(^|[${LINE_ENDS}])([${BLANKS}]*)\\[\\[ (\\\\*)## ([\\p{L}\\p{N}_]+ ## \\]\\])`, 'gu');
/** A line that was a header in a value; one backslash is taken off. */
const MASKED = /^\[\[ \\(\\*## [\p{L}\p{N}_]+ ## \]\])/u;

/**
 * The text of a value with every line that looks like a header of the layout, `[[ ## answer ## ]]`, written as
 * `[[ \## answer ## ]]`: a user's words must not open a field. `unmaskedLine` takes it back, whatever the value was.
 */
export function maskHeaders(text: string): string {
  return text.includes(' ## ]]') ? text.replace(PLAIN, '$1$2[[ \\$3## $4') : text;
}

/** A line of an answer as it was before `maskHeaders`; `stripped` is the line without the blanks around it. */
export function unmaskedLine(line: string, stripped: string): string {
  const match = MASKED.exec(stripped);
  return match === null ? line : line.replace('[[ \\', '[[ ');
}

/**
 * The text of a value with every tag that is named like a field, `<answer>`, written as `&lt;answer>`; reading entities takes
 * it back. Of what is written so already the ampersand is escaped, so that nothing is lost.
 */
export function maskTags(text: string, names: readonly string[]): string {
  if (!text.includes('<') && !text.includes('lt;')) return text;
  const named = names.map((name) => name.replace(/[^\p{L}\p{N}_]/gu, '\\$&')).join('|');
  return text
    .replace(new RegExp(`&((?:amp;)*lt;/?(?:${named})(?![\\p{L}\\p{N}_]))`, 'gu'), '&amp;$1')
    .replace(new RegExp(`<(/?(?:${named})(?![\\p{L}\\p{N}_]))`, 'gu'), '&lt;$1');
}
