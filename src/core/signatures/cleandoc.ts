/**
 * Cleans a text written with the indentation of its source: tabs become spaces, the indentation that all lines but the
 * first share is removed, empty lines at both ends are dropped (Python: `inspect.cleandoc`).
 */
export function cleandoc(text: string): string {
  const lines = expandTabs(text).split('\n');
  const margin = Math.min(
    ...lines.slice(1).flatMap((line) => (line.trimStart() === '' ? [] : [line.length - line.trimStart().length])),
  );
  const cleaned = [
    (lines[0] ?? '').trimStart(),
    ...lines.slice(1).map((line) => (Number.isFinite(margin) ? line.slice(margin) : line)),
  ];
  while (cleaned.length > 0 && cleaned.at(-1) === '') cleaned.pop();
  while (cleaned.length > 0 && cleaned[0] === '') cleaned.shift();
  return cleaned.join('\n');
}

/** Tabs advance to the next multiple of 8, as in Python's `str.expandtabs`. */
function expandTabs(text: string): string {
  let column = 0;
  let out = '';
  for (const character of text) {
    if (character === '\t') {
      const spaces = 8 - (column % 8);
      out += ' '.repeat(spaces);
      column += spaces;
    } else {
      out += character;
      column = character === '\n' || character === '\r' ? 0 : column + 1;
    }
  }
  return out;
}
