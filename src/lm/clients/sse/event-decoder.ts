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
  #data: string[] = [];
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
      if (lf !== -1 && lf < at) lf = bytes.indexOf(LF, at);
      if (cr !== -1 && cr < at) cr = bytes.indexOf(CR, at);
      const end = lf === -1 ? cr : cr === -1 ? lf : Math.min(lf, cr);
      if (end === -1) {
        this.#keep(bytes.subarray(at));
        return;
      }
      this.#afterCr = end === cr;
      const event = this.#line(this.#whole(bytes.subarray(at, end)));
      at = end + 1;
      if (event !== undefined) yield event;
    }
  }

  #line(bytes: Buffer): DecodedEvent | undefined {
    const line = this.#first ? withoutMark(bytes) : bytes;
    this.#first = false;
    if (line.length === 0) return this.#dispatch();
    const colon = line.indexOf(COLON);
    if (colon === 0) return undefined;
    const name = line.toString('utf8', 0, colon === -1 ? line.length : colon);
    const value =
      colon === -1 ? '' : line.toString('utf8', line[colon + 1] === SPACE ? colon + 2 : colon + 1, line.length);
    switch (name) {
      case 'data':
        this.#data.push(value);
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
    return undefined;
  }

  #dispatch(): DecodedEvent | undefined {
    const { length } = this.#data;
    const event =
      length === 0
        ? undefined
        : {
            event: this.#event === '' ? 'message' : this.#event,
            data: length === 1 ? (this.#data[0] as string) : this.#data.join('\n'),
            id: this.#id,
            ownId: this.#ownId,
          };
    this.#event = '';
    this.#data = [];
    this.#bytes = 0;
    this.#ownId = false;
    return event;
  }

  /** The line with what came of it in earlier chunks. */
  #whole(bytes: Buffer): Buffer {
    this.#check(this.#kept + bytes.length);
    if (this.#kept === 0) return bytes;
    this.#append(bytes);
    const line = this.#rest.subarray(0, this.#kept);
    this.#kept = 0;
    return line;
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

/** A byte order mark may stand before the first line. */
function withoutMark(line: Buffer): Buffer {
  return line.length >= 3 && line[0] === 0xef && line[1] === 0xbb && line[2] === 0xbf ? line.subarray(3) : line;
}
