import { JsonParseError } from '../../errors/value-errors';
import { Cursor, isLetter, type Place, QUOTES } from './cursor';
import { readBare, readBareKey, readNumber } from './scalars';
import { readQuoted } from './strings';

/** Nothing of the kind was found. */
export const NOTHING = Symbol('nothing');

/**
 * Reads JSON as models write it: any quotes or none, missing or spare commas, colons and brackets, comments, code fences,
 * Python's words, tuples and sets, prose around. One pass with bounded look-ahead, so linear; bounded depth.
 */
export class TolerantReader {
  readonly cursor: Cursor;
  private depth = 0;
  private lists = 0;

  constructor(
    text: string,
    private readonly maxDepth: number,
  ) {
    this.cursor = new Cursor(text);
  }

  /** True when a comma stood between the value read last and the one before it. */
  afterTopComma = false;

  /** The next object or list from here on, prose before it skipped. */
  nextTop(): unknown {
    const { cursor } = this;
    this.afterTopComma = false;
    while (!cursor.done) {
      const char = cursor.char();
      if ((char === '{' && !this.opensAside()) || char === '[' || (char === '(' && this.opensTuple())) {
        return this.more(this.value('item'));
      }
      const before = cursor.at;
      cursor.skipFiller();
      if (cursor.at !== before) continue;
      this.afterTopComma = char === ',';
      cursor.at++;
    }
    return NOTHING;
  }

  /** `{"a": 1}, "b": 2}`: members that go on after a brace too many. */
  private more(value: unknown): unknown {
    const { cursor } = this;
    const comma = cursor.peek(cursor.at);
    const next = cursor.peek(comma.at + 1);
    const goesOn = comma.char === ',' && QUOTES.has(next.char) && cursor.keyAt(next.at);
    if (!goesOn || value === null || typeof value !== 'object' || Array.isArray(value)) return value;
    cursor.repaired = true;
    cursor.at = next.at;
    return { ...value, ...this.members() };
  }

  /** Braces around a word in the middle of prose, `the {name} is`, are no set. */
  private opensAside(): boolean {
    const { text, at } = this.cursor;
    return (
      text.slice(Math.max(0, at - 256), at).trim() !== '' &&
      /^\{\s*[\p{L}_][\p{L}\p{N} _-]{0,60}\}/u.test(text.slice(at, at + 64))
    );
  }

  /** A parenthesis at the start of a line, before something that is a value, is a tuple and not an aside. */
  private opensTuple(): boolean {
    const { text, at } = this.cursor;
    const before = text.slice(Math.max(0, at - 256), at);
    if (/\S[^\n\r\S]*$/.test(before)) return false;
    return /^\(\s*(?:[)({["'“”\d.-]|true|false|null|none)/i.test(text.slice(at, at + 64));
  }

  private value(place: Place): unknown {
    const { cursor } = this;
    while (!cursor.done) {
      const char = cursor.char();
      if (char === '{') return this.nested(() => this.object());
      if (char === '[') return this.nested(() => this.list(']'));
      if (char === '(') return this.nested(() => this.tuple());
      if (QUOTES.has(char)) return readQuoted(cursor, place);
      if (/[\d.-]/.test(char)) return readNumber(cursor, place);
      if (isLetter(char)) return readBare(cursor, place);
      const before = cursor.at;
      cursor.skipFiller();
      if (cursor.at === before) {
        if (',}])'.includes(char)) return NOTHING;
        cursor.repaired = true;
        cursor.at++;
      }
    }
    return NOTHING;
  }

  private nested<T>(read: () => T): T {
    if (++this.depth > this.maxDepth) throw new JsonParseError(`it is nested deeper than ${this.maxDepth} levels`);
    this.cursor.at++;
    const value = read();
    this.depth--;
    return value;
  }

  private tuple(): unknown {
    const start = this.cursor.at;
    const items = this.list(')');
    const grouped =
      items.length === 1 &&
      !/,\s*\)?$/.test(this.cursor.text.slice(Math.max(start, this.cursor.at - 8), this.cursor.at));
    return grouped ? items[0] : items;
  }

  private list(close: string): unknown[] {
    const { cursor } = this;
    const items: unknown[] = [];
    const inMember = this.inMember;
    this.inMember = false;
    this.lists++;
    for (;;) {
      cursor.skipFiller();
      const char = cursor.char();
      if (char === ',') cursor.at++;
      else if (cursor.done || char === close || char === '}') break;
      else if (QUOTES.has(char) && cursor.keyAt(cursor.at)) {
        // A key in a list: its object's brace is missing, or the bracket that should have closed the list.
        cursor.repaired = true;
        if (inMember && items.length > 0 && items.every((item) => item === null || typeof item !== 'object')) {
          this.lists--;
          return items;
        }
        items.push(this.members());
      } else this.item(items);
    }
    if (cursor.char() !== close) cursor.repaired = true;
    cursor.at++;
    this.lists--;
    return items;
  }

  private item(items: unknown[]): void {
    const { cursor } = this;
    const before = cursor.at;
    const value = this.value('item');
    if (value === NOTHING) {
      if (cursor.at === before) cursor.at++;
    } else if (value !== '...' && !(cursor.done && isEmpty(value))) items.push(value);
  }

  /** True while the value of an object's member is read, directly. */
  private inMember = false;

  /** What an opening brace opens: an object; a set, `{1, 2}`; or braces doubled by mistake. */
  private object(): unknown {
    const { cursor } = this;
    const first = cursor.peek(cursor.at);
    if (first.char === '{' || first.char === '.' || this.opensSet(first.at)) {
      cursor.repaired = true;
      const items = this.list('}');
      return first.char === '{' && items.length === 1 ? items[0] : items;
    }
    return this.members();
  }

  private opensSet(at: number): boolean {
    const { cursor } = this;
    const char = cursor.text.charAt(at);
    if (cursor.keyAt(at)) return false;
    const token = QUOTES.has(char) ? /^(.)(?:\\.|(?!\1)[^\\]){0,200}\1\s*[,}]/su : /^[\p{L}\p{N}._-]{1,100}\s*[,}]/u;
    return token.test(cursor.text.slice(at, at + 256));
  }

  /** The members from here to the closing brace. */
  private members(): object {
    const { cursor } = this;
    const members = new Map<string, unknown>();
    let last: unknown;
    cursor.skipFiller();
    const first = cursor.at;
    for (;;) {
      cursor.skipFiller();
      const char = cursor.char();
      if (cursor.done || char === '}') break;
      if (char === ']' && this.lists > 0) return this.finish(members, false);
      if (char === ',' || char === ':') {
        cursor.at++;
        continue;
      }
      if (char === '[' && this.continues(last)) continue;
      const start = cursor.at;
      const key = this.key();
      if (key === undefined) continue;
      if (this.lists > 0 && members.has(key) && !this.afterComma(start)) {
        cursor.at = start;
        return this.finish(members, false);
      }
      cursor.skipFiller();
      // A key without a value: the text was cut, or it was no key.
      if (cursor.done && start === first && key !== '' && QUOTES.has(cursor.text.charAt(start))) return [key];
      if (cursor.done || cursor.char() === '}') continue;
      if (cursor.char() === ':') cursor.at++;
      else cursor.repaired = true;
      last = this.member();
      members.set(key, last);
      if (QUOTES.has(cursor.char()) && !cursor.keyAt(cursor.at)) cursor.at++;
    }
    return this.finish(members, true);
  }

  private finish(members: Map<string, unknown>, closed: boolean): object {
    const { cursor } = this;
    if (cursor.char() !== '}') cursor.repaired = true;
    if (closed) cursor.at++;
    // Object.fromEntries defines: a key `__proto__` is an ordinary member.
    return Object.fromEntries(members);
  }

  /** The key that begins here; `undefined` when there was none and something was skipped. */
  private key(): string | undefined {
    const { cursor } = this;
    const char = cursor.char();
    if (QUOTES.has(char)) return readQuoted(cursor, 'key');
    const bare = readBareKey(cursor);
    if (bare !== undefined) return bare;
    cursor.repaired = true;
    cursor.at++;
    return undefined;
  }

  private member(): unknown {
    const outer = this.inMember;
    this.inMember = true;
    const value = this.value('member');
    this.inMember = outer;
    if (value !== NOTHING) return value;
    this.cursor.repaired = true;
    return '';
  }

  /** `"a": [1], [2]`: the second list goes on with the first. */
  private continues(last: unknown): boolean {
    if (!Array.isArray(last)) return false;
    const more = this.nested(() => this.list(']'));
    const only = more.length === 1 ? more[0] : undefined;
    for (const item of Array.isArray(only) ? only : more) last.push(item);
    return true;
  }

  private afterComma(at: number): boolean {
    let before = at - 1;
    while (before > 0 && at - before < 64 && /\s/.test(this.cursor.text.charAt(before))) before--;
    return this.cursor.text.charAt(before) === ',' && QUOTES.has(this.cursor.text.charAt(at));
  }
}

/** What a text that was cut leaves behind of a value that had only begun. */
function isEmpty(value: unknown): boolean {
  if (value === null || typeof value !== 'object') return value === '';
  return Object.keys(value).length === 0;
}
