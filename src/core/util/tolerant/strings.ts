import { type Cursor, type Place, QUOTES } from './cursor';

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', '/': '/', '\\': '\\' };
const HEX = /^[\da-fA-F]+$/;

/**
 * The quoted text that begins here, the closing quote found by what follows it, so that quotes inside a sentence and
 * missing quotes do no harm. Ends where the reader goes on.
 */
export function readQuoted(cursor: Cursor, place: Place): string {
  const quote = QUOTES.get(cursor.char()) ?? '"';
  if (quote !== '"') cursor.repaired = true;
  const start = ++cursor.at;
  const end = findEnd(cursor, quote, place);
  cursor.at = end.next;
  const content = decodeEscapes(cursor.text.slice(start, end.end), quote);
  if (end.closed && !content.endsWith('\n')) return content;
  cursor.repaired = true;
  return content.trimEnd();
}

interface End {
  /** Where the content ends. */
  readonly end: number;
  /** Where reading goes on. */
  readonly next: number;
  readonly closed: boolean;
}

/** Texts in which one string ran to the end without a sure closing quote: later ones take the first quote they meet. */
const hopeless = new WeakSet<Cursor>();

function findEnd(cursor: Cursor, quote: string, place: Place): End {
  const { text } = cursor;
  let first: number | undefined;
  let commaBeforeQuote: number | undefined;
  for (let at = cursor.at; at < text.length; at++) {
    const char = text.charAt(at);
    if (char === '\\') at++;
    else if (char === '\n' || char === '\r' || char === '\t') cursor.repaired = true;
    else if (char === quote) {
      first ??= at;
      if (closes(cursor, at, place) || hopeless.has(cursor)) return { end: at, next: at + 1, closed: true };
      cursor.repaired = true;
      const after = cursor.peek(at + 1).char;
      // `"b, "c": 1`: the quote before was the start of the next key, and the comma before that the end of this text.
      if (place === 'member' && after === ':' && commaBeforeQuote !== undefined) {
        return { end: commaBeforeQuote, next: commaBeforeQuote, closed: false };
      }
      commaBeforeQuote = commaBefore(text, at, cursor.at);
    }
  }
  hopeless.add(cursor);
  if (first !== undefined) return { end: first, next: first + 1, closed: true };
  return unclosed(cursor, place);
}

/** Whether a quote closes the text, by what follows it. */
function closes(cursor: Cursor, at: number, place: Place): boolean {
  const next = cursor.peek(at + 1);
  if (next.char === '' || next.char === '}' || next.char === ']' || next.char === ')') return true;
  if (cursor.text.startsWith('```', next.at)) return true;
  if (place === 'key') return true;
  if (place === 'item') return next.char === ',' || next.char === ':' || QUOTES.has(next.char);
  if (next.char !== ',') return next.at > at + 1 && cursor.keyAt(next.at);
  const beyond = cursor.peek(next.at + 1);
  return beyond.char === '' || '}],'.includes(beyond.char) || cursor.keyAt(beyond.at);
}

function commaBefore(text: string, at: number, start: number): number | undefined {
  let before = at - 1;
  while (before > start && at - before < 64 && /\s/.test(text.charAt(before))) before--;
  return before >= start && text.charAt(before) === ',' ? before : undefined;
}

/** No closing quote at all: the text ends with the closing brackets at the very end, or in a list at the next bracket. */
function unclosed(cursor: Cursor, place: Place): End {
  const { text } = cursor;
  let end = text.length;
  if (place === 'key') {
    const colon = text.indexOf(':', cursor.at);
    return colon < 0 ? { end, next: end, closed: false } : { end: colon, next: colon, closed: false };
  }
  const stop = place === 'item' ? /[\]\s`]/ : /[}\]\s`]/;
  while (end > cursor.at && stop.test(text.charAt(end - 1))) end--;
  return { end, next: end, closed: false };
}

/** Escapes decoded; a backslash before anything else stays. */
function decodeEscapes(raw: string, quote: string): string {
  if (!raw.includes('\\')) return raw;
  let out = '';
  for (let at = 0; at < raw.length; at++) {
    const char = raw.charAt(at);
    if (char !== '\\') {
      out += char;
      continue;
    }
    const next = raw.charAt(++at);
    const simple = ESCAPES[next];
    const digits = next === 'u' ? raw.slice(at + 1, at + 5) : next === 'x' ? raw.slice(at + 1, at + 3) : '';
    if (simple !== undefined) out += simple;
    else if (next === quote || QUOTES.has(next)) out += next;
    else if (digits.length === (next === 'u' ? 4 : 2) && HEX.test(digits)) {
      out += String.fromCharCode(Number.parseInt(digits, 16));
      at += digits.length;
    } else out += `\\${next}`;
  }
  return out;
}
