import { isUtf8 } from 'node:buffer';

/** One line of a text in pieces. */
export interface Line {
  /** From 1. */
  readonly number: number;
  /** Without its end; `undefined` for bytes that are no UTF-8. */
  readonly text: string | undefined;
}

/** A line is longer than it may be; told before more of it is read. */
export class LineTooLong {
  constructor(readonly number: number) {}
}

const LINE_FEED = 0x0a;
const MARK = Buffer.from('\ufeff');

/**
 * Cuts UTF-8 text that comes in pieces into lines. It holds one unfinished line, never more than `maxBytes` of it, and
 * a byte is looked at once however small the pieces are. A byte order mark before the first line is left out.
 */
export class LineCutter {
  private number = 0;
  private readonly pieces: Uint8Array[] = [];
  private held = 0;
  /** First half of a character that a text was cut in. */
  private half = '';

  constructor(private readonly maxBytes: number) {}

  /** The lines that this piece completes. Throws `LineTooLong`. */
  *push(piece: string | Uint8Array): Generator<Line> {
    const bytes = typeof piece === 'string' ? this.encoded(piece) : piece;
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      this.hold(bytes.subarray(from, end));
      from = end + 1;
      yield this.line();
    }
    this.hold(bytes.subarray(from));
  }

  /** The last line, where the text does not end with a line feed. */
  *end(): Generator<Line> {
    this.hold(Buffer.from(this.half));
    if (this.held > 0) yield this.line();
  }

  private hold(bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    this.held += bytes.length;
    if (this.held > this.maxBytes) throw new LineTooLong(this.number + 1);
    this.pieces.push(bytes);
  }

  private line(): Line {
    const [only] = this.pieces;
    let bytes = this.pieces.length === 1 && only !== undefined ? only : Buffer.concat(this.pieces);
    this.pieces.length = 0;
    this.held = 0;
    this.number++;
    if (this.number === 1 && MARK.equals(bytes.subarray(0, MARK.length))) bytes = bytes.subarray(MARK.length);
    const text = isUtf8(bytes)
      ? Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8')
      : undefined;
    return { number: this.number, text };
  }

  private encoded(piece: string): Uint8Array {
    const text = this.half + piece;
    const last = text.charCodeAt(text.length - 1);
    const cut = last >= 0xd800 && last <= 0xdbff ? text.length - 1 : text.length;
    this.half = text.slice(cut);
    return Buffer.from(text.slice(0, cut));
  }
}
