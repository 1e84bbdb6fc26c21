/** JSON with sorted keys and without absent members, so that equal values give equal text. */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'string') return jsonText(value);
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  // Loops and one growing text: this runs for every request.
  let text = '';
  if (Array.isArray(value)) {
    for (const item of value) text += `${text === '' ? '' : ','}${canonicalJson(item ?? null)}`;
    return `[${text}]`;
  }
  const members = value as Readonly<Record<string, unknown>>;
  for (const key of sorted(Object.keys(members))) {
    const member = members[key];
    if (member !== undefined) text += `${text === '' ? '' : ','}${jsonText(key)}:${canonicalJson(member)}`;
  }
  return `{${text}}`;
}

/** What JSON writes in another way: control characters, `"`, `\`, and halves of surrogate pairs. */
const ESCAPED = /[^ !#-[\]-\ud7ff\ue000-\u{10ffff}]/u;
const SHORT = 64;

/** A text as `JSON.stringify` writes it. Names and short values, which are most of a request, take half the time. */
export function jsonText(text: string): string {
  return text.length <= SHORT && !ESCAPED.test(text) ? `"${text}"` : JSON.stringify(text);
}

/** In order of code units, as `sort()` has it, but without its copies: an object has few members, most of them in order. */
function sorted(keys: string[]): string[] {
  if (keys.length > FEW) return keys.sort();
  for (let at = 1; at < keys.length; at += 1) {
    const key = keys[at] as string;
    let to = at;
    for (; to > 0 && (keys[to - 1] as string) > key; to -= 1) keys[to] = keys[to - 1] as string;
    keys[to] = key;
  }
  return keys;
}

const FEW = 16;
