/**
 * What Python calls whitespace (`str.isspace`): JavaScript's set with the separators FS GS RS US and NEL, without BOM.
 * The bytes of prompts depend on it.
 */
export function isPythonSpace(unit: number): boolean {
  return (
    (unit >= 0x09 && unit <= 0x0d) ||
    (unit >= 0x1c && unit <= 0x20) ||
    unit === 0x85 ||
    unit === 0xa0 ||
    unit === 0x1680 ||
    (unit >= 0x2000 && unit <= 0x200a) ||
    unit === 0x2028 ||
    unit === 0x2029 ||
    unit === 0x202f ||
    unit === 0x205f ||
    unit === 0x3000
  );
}

/** Python's `str.strip()`. */
export function pythonStrip(text: string): string {
  let start = 0;
  let end = text.length;
  while (start < end && isPythonSpace(text.charCodeAt(start))) start++;
  while (end > start && isPythonSpace(text.charCodeAt(end - 1))) end--;
  return text.slice(start, end);
}

/** Python's `str.splitlines()`: ten separators, and no empty line after a final one. At most `limit` lines are given. */
export function pythonLines(text: string, limit?: number): string[] {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: Python's line separators include control characters
  const lines = text.split(/\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029]/, limit);
  if (lines.at(-1) === '') lines.pop();
  return lines;
}

/** Every separator but the newline. */
const ODD_LINE_ENDS = [...'\r\v\f\x1c\x1d\x1e\x85\u2028\u2029'];
const ODD_LINE_END = new RegExp(`\r\n|[${ODD_LINE_ENDS.join('')}]`, 'g');

/** The lines of `pythonLines` joined by newlines: every separator is one newline. The text itself where that is so already. */
export function unifiedLines(text: string): string {
  // Nine searches for a character each are ten times as fast as one for a class of characters.
  return ODD_LINE_ENDS.some((end) => text.includes(end)) ? text.replace(ODD_LINE_END, '\n') : text;
}
