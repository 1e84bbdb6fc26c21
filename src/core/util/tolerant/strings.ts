import { type Cursor, isWord, type Place, QUOTES } from './cursor';

const ESCAPES: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', '/': '/', '\\': '\\' };
const HEX = /^[\da-fA-F]+$/;

/**
 * The quoted text that begins here, the closing quote found by what follows it, so that quotes inside a sentence and
 * missing quotes do no harm. Ends where the reader goes on.
 */
export function readQuoted(cursor: Cursor, place: Place): string {
  const quote = QUOTES.get(cursor.char()) ?? '"';
  if (quote !== '"') cursor.repaired = true;
  cursor.at++;
  // `""word""`: the quotes are doubled by mistake.
  const doubled = cursor.char() === quote && isWord(cursor.char(1));
  if (doubled) cursor.at++;
  const start = cursor.at;
  const end = findEnd(cursor, quote, place);
  cursor.at = end.next;
  const raw = cursor.text.slice(start, end.end);
  const content = decodeEscapes(doubled && raw.endsWith(quote) ? raw.slice(0, -1) : raw, quote);
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
      if (place === 'key') return keyEnd(cursor, at, quote);
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
  if (place === 'item') return next.char === ',' || next.char === ':' || QUOTES.has(next.char);
  if (next.char !== ',') return (next.at > at + 1 || QUOTES.has(next.char)) && cursor.keyAt(next.at);
  const beyond = cursor.peek(next.at + 1);
  return beyond.char === '' || '}],'.includes(beyond.char) || cursor.keyAt(beyond.at) || cursor.cutKeyAt(beyond.at);
}

/** The end of a key: the quote before the colon, or the colon when the quote is lost. */
function keyEnd(cursor: Cursor, first: number, quote: string): End {
  const { text } = cursor;
  const closed = { end: first, next: first + 1, closed: true };
  if (cursor.peek(first + 1).char === ':') return closed;
  const colon = text.slice(cursor.at, first).indexOf(':');
  if (colon >= 0) return { end: cursor.at + colon, next: cursor.at + colon, closed: false };
  // `"an"swer":` has a quote inside, `"answer"":` one too many.
  for (let at = first + 1; at < first + 64 && !':,{}[]\n'.includes(text.charAt(at)); at++) {
    if (text.charAt(at) === quote && cursor.peek(at + 1).char === ':') {
      return { end: at === first + 1 ? first : at, next: at + 1, closed: true };
    }
  }
  return closed;
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
