import { type LMErrorDetails, LMInvalidResponseError } from '../../../core/errors/lm-errors';
import type { ServerSentEvent } from '../wire/wire-format';

const LF = 0x0a;
const CR = 0x0d;
const COLON = 0x3a;
const SPACE = 0x20;
const MAX_EVENT_BYTES = 16 * 1024 * 1024;

/** An event, and whether it brought its id itself: otherwise the id is that of an event before. */
export interface DecodedEvent extends ServerSentEvent {
  readonly ownId: boolean;
}

export interface EventDecoderOptions {
  /** Longest event, in bytes; default 16 MiB. A longer one is an `LMInvalidResponseError`. */
  readonly maxEventBytes?: number;
  /** Who is asked, for that error. */
  readonly about?: LMErrorDetails;
}

/**
 * Server-sent events out of bytes, however they were cut into chunks (after the event-stream chapter of the HTML standard). It is
 * our own because every token of a streamed answer passes here: the cost is linear also when bytes come one by one, a hostile
 * event has a bound, and nothing is decoded before the consumer asks for it.
 */
export class EventDecoder {
  readonly #maxEventBytes: number;
  readonly #about: LMErrorDetails;
  /** The line that is not whole yet, in the first `#kept` bytes. */
  #rest = Buffer.alloc(0);
  #kept = 0;
  #first = true;
  /** The last line ended in CR; an LF that follows belongs to it. */
  #afterCr = false;
  #event = '';
  #data: string | undefined;
  #bytes = 0;
  #id = '';
  #ownId = false;

  constructor({ maxEventBytes = MAX_EVENT_BYTES, about = {} }: EventDecoderOptions = {}) {
    this.#maxEventBytes = maxEventBytes;
    this.#about = about;
  }

  /**
   * The events that are whole with these bytes. Consume them all before the next chunk. What is left at the end of the stream
   * without its blank line is no event.
   */
  *push(chunk: Uint8Array): Generator<DecodedEvent, void, void> {
    const bytes = Buffer.from(chunk.buffer, chunk.byteOffset, chunk.byteLength);
    let at = 0;
    // Each kind of line end is looked for once a chunk, not once a line.
    let lf = bytes.indexOf(LF);
    let cr = bytes.indexOf(CR);
    while (at < bytes.length) {
      if (this.#afterCr) {
        this.#afterCr = false;
        if (bytes[at] === LF) {
          at += 1;
          continue;
        }
      }
      // Every second line is an empty one: a look at its byte saves a search.
      if (bytes[at] === LF) lf = at;
      else if (lf !== -1 && lf < at) lf = bytes.indexOf(LF, at);
      if (cr !== -1 && cr < at) cr = bytes.indexOf(CR, at);
      const end = lf === -1 ? cr : cr === -1 ? lf : Math.min(lf, cr);
      if (end === -1) {
        this.#keep(bytes.subarray(at));
        return;
      }
      this.#afterCr = end === cr;
      const event = this.#kept === 0 ? this.#line(bytes, at, end) : this.#joinedLine(bytes.subarray(at, end));
      at = end + 1;
      if (event !== undefined) yield event;
    }
  }

  /** The line from `start` to `end`, read where it is: a view of it would cost as much as the rest. */
  #line(bytes: Buffer, start: number, end: number): DecodedEvent | undefined {
    this.#check(end - start);
    if (this.#first) {
      this.#first = false;
      if (hasMark(bytes, start, end)) return this.#line(bytes, start + 3, end);
    }
    if (start === end) return this.#dispatch();
    if (isData(bytes, start, end)) {
      const value = bytes.toString('utf8', bytes[start + 5] === SPACE && start + 5 < end ? start + 6 : start + 5, end);
      this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
      this.#bytes += end - start + 1;
    } else this.#field(bytes.subarray(start, end));
    return undefined;
  }

  /** A line of another name, or one without a value. */
  #field(line: Buffer): void {
    const colon = line.indexOf(COLON);
    if (colon === 0) return;
    const name = line.toString('utf8', 0, colon === -1 ? line.length : colon);
    const value =
      colon === -1 ? '' : line.toString('utf8', line[colon + 1] === SPACE ? colon + 2 : colon + 1, line.length);
    switch (name) {
      case 'data':
        this.#data = this.#data === undefined ? value : `${this.#data}\n${value}`;
        this.#bytes += line.length + 1;
        break;
      case 'event':
        this.#event = value;
        break;
      case 'id':
        if (value.includes('\0')) break;
        this.#id = value;
        this.#ownId = true;
        break;
      // `retry` is about connecting again, which an answer that was paid for never does.
    }
  }

  #dispatch(): DecodedEvent | undefined {
    const data = this.#data;
    const event =
      data === undefined
        ? undefined
        : { event: this.#event === '' ? 'message' : this.#event, data, id: this.#id, ownId: this.#ownId };
    this.#event = '';
    this.#data = undefined;
    this.#bytes = 0;
    this.#ownId = false;
    return event;
  }

  /** A line whose beginning came in earlier chunks. */
  #joinedLine(bytes: Buffer): DecodedEvent | undefined {
    this.#keep(bytes);
    const length = this.#kept;
    this.#kept = 0;
    return this.#line(this.#rest, 0, length);
  }

  #keep(bytes: Buffer): void {
    this.#check(this.#kept + bytes.length);
    this.#append(bytes);
  }

  #append(bytes: Buffer): void {
    const needed = this.#kept + bytes.length;
    if (needed > this.#rest.length) {
      // Twice as long each time: a byte is copied at most twice, however many chunks there are.
      const longer = Buffer.allocUnsafe(Math.max(needed, 2 * this.#rest.length, 256));
      this.#rest.copy(longer, 0, 0, this.#kept);
      this.#rest = longer;
    }
    bytes.copy(this.#rest, this.#kept);
    this.#kept = needed;
  }

  #check(lineBytes: number): void {
    if (this.#bytes + lineBytes <= this.#maxEventBytes) return;
    throw new LMInvalidResponseError(`An event of the stream is longer than ${this.#maxEventBytes} bytes.`, {
      ...this.#about,
      shouldRetry: false,
    });
  }
}

/** `data:`, the name of nearly every line that has one. */
function isData(bytes: Buffer, start: number, end: number): boolean {
  return (
    end - start >= 5 &&
    bytes[start] === 0x64 &&
    bytes[start + 1] === 0x61 &&
    bytes[start + 2] === 0x74 &&
    bytes[start + 3] === 0x61 &&
    bytes[start + 4] === COLON
  );
}

/** A byte order mark may stand before the first line. */
function hasMark(bytes: Buffer, start: number, end: number): boolean {
  return end - start >= 3 && bytes[start] === 0xef && bytes[start + 1] === 0xbb && bytes[start + 2] === 0xbf;
}
