import { type Cursor, isLetter, isWord, type Place, QUOTES } from './cursor';

const NUMBER_CHARACTERS = /[\d\-.eE/,_+]/;
const STRICT_NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;
const WHOLE = /^-?\d+$/;
const FLOAT = /^-?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?$/;
/** Longer runs of digits are an attack, not a number. */
const MAX_DIGITS = 4300;
/** A longer run of signs is one text. */
const LONGEST_SIGNS = 64;
const WORDS: Readonly<Record<string, boolean | null>> = { true: true, false: false, null: null, none: null };
const SPECIALS: Readonly<Record<string, number>> = {
  NaN: Number.NaN,
  Infinity: Number.POSITIVE_INFINITY,
};

/** The number that begins here; what only looks like one (`1,000`, `3/4`, `2024-01-02`) stays text. */
export function readNumber(cursor: Cursor, place: Place): unknown {
  const start = cursor.at;
  if (cursor.text.startsWith('-Infinity', start)) {
    cursor.at += 9;
    return Number.NEGATIVE_INFINITY;
  }
  while (!cursor.done && takesDigit(cursor, start, place)) cursor.at++;
  if (isLetter(cursor.char())) {
    cursor.at = start;
    return readBare(cursor, place);
  }
  const end = cursor.at;
  while (cursor.at > start + 1 && /[+\-eE/,]/.test(cursor.char(-1))) cursor.at--;
  // Nothing but signs: left one by one, each would be followed to the end of the run again.
  if (cursor.at === start + 1 && end - start > LONGEST_SIGNS) cursor.at = end;
  const raw = cursor.text.slice(start, cursor.at);
  if (!STRICT_NUMBER.test(raw)) cursor.repaired = true;
  const digits = raw.replaceAll('_', '');
  if (digits.length > MAX_DIGITS) return digits;
  if (WHOLE.test(digits)) return Number.isSafeInteger(Number(digits)) ? Number(digits) : BigInt(digits);
  return FLOAT.test(digits) ? Number(digits) : digits;
}

function takesDigit(cursor: Cursor, start: number, place: Place): boolean {
  const char = cursor.char();
  if (char === '+') return cursor.at > start && /[eE]/.test(cursor.char(-1));
  if (char === ',') return place !== 'item' && /\d/.test(cursor.char(1)) && /\d/.test(cursor.char(-1));
  return NUMBER_CHARACTERS.test(char);
}

/** The bare word or words that begin here: a literal of JSON or Python, else text up to the next separator. */
export function readBare(cursor: Cursor, place: Place): unknown {
  const start = cursor.at;
  const word = /^[A-Za-z]+/.exec(cursor.text.slice(start, start + 9))?.[0] ?? '';
  const after = cursor.text.charAt(start + word.length);
  if (after === '' || /[\s,)\]}]/.test(after)) {
    if (Object.hasOwn(WORDS, word.toLowerCase())) {
      cursor.at += word.length;
      if (!Object.hasOwn(WORDS, word) || word === 'none') cursor.repaired = true;
      return WORDS[word.toLowerCase()];
    }
    if (Object.hasOwn(SPECIALS, word)) {
      cursor.at += word.length;
      return SPECIALS[word];
    }
  }
  cursor.repaired = true;
  // A run of line ends and blanks is looked at once, not once for each of them.
  while (!cursor.done && !endsBare(cursor, place)) cursor.at = Math.max(cursor.at + 1, blanksEnd(cursor));
  const raw = cursor.text.slice(start, cursor.at).trimEnd();
  return QUOTES.has(raw.slice(-1)) ? raw.slice(0, -1) : raw;
}

function blanksEnd(cursor: Cursor): number {
  return /[\n\r]/.test(cursor.char()) ? cursor.peek(cursor.at).at : cursor.at;
}

function endsBare(cursor: Cursor, place: Place): boolean {
  const char = cursor.char();
  if (char === '}' || char === ']') return true;
  if (char === ')') return place === 'item';
  if (char === ',') {
    if (place === 'item') return true;
    const next = cursor.peek(cursor.at + 1);
    return next.char === '' || '}]'.includes(next.char) || cursor.keyAt(next.at);
  }
  return (char === '\n' || char === '\r') && (place === 'item' || cursor.keyAt(cursor.peek(cursor.at).at));
}

/** The bare key that begins here, its opening quote perhaps lost; `undefined`, and nothing consumed, without a colon. */
export function readBareKey(cursor: Cursor): string | undefined {
  const start = cursor.at;
  let end = start;
  while (end < cursor.text.length && isWord(cursor.text.charAt(end))) end++;
  const after = QUOTES.has(cursor.text.charAt(end)) ? end + 1 : end;
  if (end === start || cursor.peek(after).char !== ':') return undefined;
  cursor.repaired = true;
  cursor.at = after;
  return cursor.text.slice(start, end);
}
