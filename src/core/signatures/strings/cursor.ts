import { SignatureSyntaxError } from '../../errors/signature-errors';

const BLANK = /(?:\s|#[^\n]*)*/y;
const NAME = /[\p{ID_Start}_]\p{ID_Continue}*/uy;
const INTEGER = /-?\d+(?![\p{ID_Continue}.])/uy;
const ESCAPE = /\\(?:(['"\\nrt])|x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4}))/y;
const CONTROLS: Readonly<Record<string, string>> = { n: '\n', r: '\r', t: '\t' };

/** Reads tokens from a part of a text, left to right, in time linear in its length; blanks and `#` comments are skipped. */
export class TokenCursor {
  constructor(
    readonly text: string,
    private offset: number,
    private readonly end: number,
  ) {
    this.skipBlanks();
  }

  get atEnd(): boolean {
    return this.offset >= this.end;
  }

  get place(): number {
    return this.offset;
  }

  /** Takes the mark when it comes next. */
  take(mark: string): boolean {
    if (this.offset + mark.length > this.end || !this.text.startsWith(mark, this.offset)) return false;
    this.offset += mark.length;
    this.skipBlanks();
    return true;
  }

  name(): string | undefined {
    return this.match(NAME);
  }

  integer(): number | undefined {
    const digits = this.match(INTEGER);
    return digits === undefined ? undefined : Number(digits);
  }

  /** A Python string in single or double quotes. */
  quoted(): string | undefined {
    const quote = this.text[this.offset];
    if (this.atEnd || (quote !== "'" && quote !== '"')) return undefined;
    const start = this.offset;
    let value = '';
    for (let at = start + 1; at < this.end; ) {
      const character = this.text[at] as string;
      if (character === quote) {
        this.offset = at + 1;
        this.skipBlanks();
        return value;
      }
      if (character === '\n') break;
      if (character === '\\') {
        const [read, length] = this.escape(at);
        value += read;
        at += length;
      } else {
        value += character;
        at++;
      }
    }
    throw this.error(`the text that starts here needs a closing ${quote}`, start);
  }

  /** What comes next, for a message. */
  next(): string {
    if (this.atEnd) return this.end === this.text.length ? 'the end of the string' : "the '->'";
    const word = /[\p{ID_Start}_]\p{ID_Continue}*|./uy;
    word.lastIndex = this.offset;
    return `'${word.exec(this.text)?.[0] ?? ''}'`;
  }

  error(problem: string, place = this.offset): SignatureSyntaxError {
    return new SignatureSyntaxError(this.text, place, problem);
  }

  private escape(at: number): [string, number] {
    ESCAPE.lastIndex = at;
    const found = ESCAPE.exec(this.text);
    if (found === null) return ['\\', 1]; // Python keeps a backslash that escapes nothing
    const [whole, mark, hex2, hex4] = found;
    const code = hex2 ?? hex4;
    return [
      code === undefined ? (CONTROLS[mark ?? ''] ?? mark ?? '') : String.fromCharCode(Number.parseInt(code, 16)),
      whole.length,
    ];
  }

  private match(pattern: RegExp): string | undefined {
    pattern.lastIndex = this.offset;
    const found = pattern.exec(this.text)?.[0];
    if (found === undefined || this.offset + found.length > this.end) return undefined;
    this.offset += found.length;
    this.skipBlanks();
    return found;
  }

  private skipBlanks(): void {
    BLANK.lastIndex = this.offset;
    this.offset = Math.min(this.end, this.offset + (BLANK.exec(this.text)?.[0].length ?? 0));
  }
}
