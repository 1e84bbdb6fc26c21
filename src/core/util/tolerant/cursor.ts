/** What stands around a piece of text: it decides where a sloppy string ends. */
export type Place = 'key' | 'member' | 'item';

const SPACE = /\s/;
const [SLASH, HASH] = [0x2f, 0x23];
const WORD = /[\p{L}\p{N}]/u;
/** Opening quotes with their closing ones; typographic pairs count like plain ones. */
export const QUOTES = new Map([
  ['"', '"'],
  ["'", "'"],
  ['“', '”'],
  ['”', '”'],
  ['‘', '’'],
]);
/** How far a guess looks ahead; it keeps reading linear in the length of the text. */
const LOOK_AHEAD = 256;

/** A place in a text, and the small steps of a reader. */
export class Cursor {
  at = 0;
  /** True once anything was read that is not strict JSON. */
  repaired = false;

  constructor(readonly text: string) {}

  get done(): boolean {
    return this.at >= this.text.length;
  }

  /** The character here, or so many further on; empty beyond the ends. */
  char(offset = 0): string {
    return this.text.charAt(this.at + offset);
  }

  /** Moves over blanks and comments. */
  skipFiller(): void {
    this.at = this.fillerEnd(this.at, this.text.length);
  }

  /** Where the blanks and comments from a place end. */
  private fillerEnd(from: number, limit: number): number {
    let at = from;
    for (;;) {
      while (at < limit && isSpace(this.text, at)) at++;
      const end = this.commentEnd(at);
      if (end === undefined || at >= limit) return at;
      this.repaired = true;
      at = end;
    }
  }

  /** Where the comment that begins here ends; `undefined` when none begins here. */
  private commentEnd(at: number): number | undefined {
    const unit = this.text.charCodeAt(at);
    if (unit !== SLASH && unit !== HASH) return undefined;
    const two = this.text.slice(at, at + 2);
    if (two === '/*') {
      const end = this.text.indexOf('*/', at + 2);
      return end < 0 ? this.text.length : end + 2;
    }
    if (two !== '//' && two[0] !== '#') return undefined;
    let end = at;
    while (end < this.text.length && this.text[end] !== '\n' && this.text[end] !== '\r') end++;
    return end;
  }

  /** The next character that is no filler, and where it is; only so far ahead. */
  peek(from: number): { readonly char: string; readonly at: number } {
    const before = this.repaired;
    const at = this.fillerEnd(from, Math.min(this.text.length, from + LOOK_AHEAD));
    this.repaired = before;
    return { char: this.text.charAt(at), at };
  }

  /** True when a key and its colon begin at a place: `"key":`, `key:`, `key":`. */
  keyAt(from: number): boolean {
    const end = this.keyEnd(from);
    return end !== undefined && this.peek(end).char === ':';
  }

  /** True when a quoted key begins at a place, and the text ends before its colon. */
  cutKeyAt(from: number): boolean {
    if (!QUOTES.has(this.text.charAt(from)) || this.text.length - from > LOOK_AHEAD) return false;
    const end = this.keyEnd(from) ?? this.text.length;
    return this.peek(end).at >= this.text.length;
  }

  private keyEnd(from: number): number | undefined {
    const quote = QUOTES.get(this.text.charAt(from));
    const limit = Math.min(this.text.length, from + LOOK_AHEAD);
    let at = from;
    if (quote !== undefined) {
      at++;
      while (at < limit && this.text.charAt(at) !== quote) at += this.text.charAt(at) === '\\' ? 2 : 1;
      return at < limit ? at + 1 : undefined;
    }
    while (at < limit && isWord(this.text.charAt(at))) at++;
    if (at === from) return undefined;
    return QUOTES.has(this.text.charAt(at)) ? at + 1 : at;
  }
}

/** Whether a blank stands at a place; most characters are plain, and a comparison tells them. */
function isSpace(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return unit < 0x80 ? unit === 0x20 || (unit >= 0x09 && unit <= 0x0d) : SPACE.test(text.charAt(at));
}

/** Letters, digits, `_` and `-`: what bare keys are made of. */
export function isWord(char: string): boolean {
  return char === '_' || char === '-' || char === '$' || WORD.test(char);
}

/** Letters of any script. */
export function isLetter(char: string): boolean {
  return /\p{L}/u.test(char);
}
