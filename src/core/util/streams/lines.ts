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
  /** What came of an unfinished line, copied: who gives the pieces may use their memory again. */
  private unfinished = Buffer.alloc(0);
  /** So many bytes of that are in use. */
  private held = 0;
  /** First half of a character that a text was cut in. */
  private half = '';

  constructor(private readonly maxBytes: number) {}

  /** The lines that this piece completes. Throws `LineTooLong`. */
  *push(piece: string | Uint8Array): Generator<Line> {
    const bytes = typeof piece === 'string' ? this.encoded(piece) : piece;
    let from = 0;
    for (let end = bytes.indexOf(LINE_FEED); end !== -1; end = bytes.indexOf(LINE_FEED, from)) {
      yield this.line(bytes.subarray(from, end));
      from = end + 1;
    }
    this.hold(bytes.subarray(from));
  }

  /** The last line, where the text does not end with a line feed. */
  *end(): Generator<Line> {
    this.hold(Buffer.from(this.half));
    if (this.held > 0) yield this.line(Buffer.alloc(0));
  }

  private hold(bytes: Uint8Array): void {
    const held = this.held + bytes.length;
    if (held > this.maxBytes) throw new LineTooLong(this.number + 1);
    if (held > this.unfinished.length) {
      // Twice as much as before, so that a line in many small pieces is not copied with each.
      const wider = Buffer.allocUnsafe(Math.max(held, 2 * this.unfinished.length));
      wider.set(this.unfinished.subarray(0, this.held));
      this.unfinished = wider;
    }
    this.unfinished.set(bytes, this.held);
    this.held = held;
  }

  /** The line that ends with these bytes. */
  private line(rest: Uint8Array): Line {
    let bytes = rest;
    if (this.held > 0) {
      this.hold(rest);
      bytes = this.unfinished.subarray(0, this.held);
      this.held = 0;
    } else if (rest.length > this.maxBytes) throw new LineTooLong(this.number + 1);
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
