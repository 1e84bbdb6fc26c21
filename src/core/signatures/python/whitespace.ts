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
  return hasOddLineEnds(text) ? text.replace(ODD_LINE_END, '\n') : text;
}

/** True for a text of more than so many of those lines, found before they are unified: with very many that alone takes long. */
export function hasMoreLines(text: string, limit: number): boolean {
  if (text.length <= limit) return false;
  const nextEnd = hasOddLineEnds(text) ? endOfLine : (from: number) => text.indexOf('\n', from);
  let lines = 0;
  let last = -1;
  for (let end = nextEnd(0, text); end !== -1; end = nextEnd(end + 1, text)) {
    if (++lines > limit) return true;
    last = end;
  }
  return lines === limit && last < text.length - 1;
}

/** Where the first separator from there on ends; -1 where there is none. */
function endOfLine(from: number, text: string): number {
  for (let at = from; at < text.length; at++) {
    const unit = text.charCodeAt(at);
    if (unit === 0x0d && text.charCodeAt(at + 1) === 0x0a) return at + 1;
    if ((unit >= 0x0a && unit <= 0x0d) || (unit >= 0x1c && unit <= 0x1e)) return at;
    if (unit === 0x85 || unit === 0x2028 || unit === 0x2029) return at;
  }
  return -1;
}

function hasOddLineEnds(text: string): boolean {
  // Nine searches for a character each are ten times as fast as one for a class of characters.
  return ODD_LINE_ENDS.some((end) => text.includes(end));
}
