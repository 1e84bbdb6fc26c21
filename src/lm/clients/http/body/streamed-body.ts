import type { ExchangeClock } from '../exchange-clock';
import { type FailurePlace, transportFailure } from '../transport-failure';
import { PieceQueue, type PieceSource } from './piece-queue';
import { unpacked } from './unpacked';

/** After the last event a server may end its body within this time and length, and the connection is kept. */
const LINGER_MS = 500;
const LINGER_BYTES = 16 * 1024;

/** Holds the bytes of an answer back, or gives the rest of them up. */
export interface BodySource extends PieceSource {
  giveUp(): void;
}

/** The body of an answer that is read while it comes, because it is wanted in pieces or has to be unpacked. */
export class StreamedBody {
  readonly clock: ExchangeClock;
  /** Bytes that were read so far, unpacked. */
  bytesRead = 0;
  readonly #source: BodySource;
  readonly #packing: string;
  readonly #place: FailurePlace;
  readonly #queue: PieceQueue;
  #ended = false;
  #lingering: NodeJS.Timeout | undefined;
  #lingered = 0;

  constructor(source: BodySource, packing: string, place: FailurePlace, clock: ExchangeClock) {
    this.#source = source;
    this.#packing = packing;
    this.#place = place;
    this.clock = clock;
    // Of a packed body, a gap is what the consumer of the unpacked one waits for.
    this.#queue = new PieceQueue(source, packing === 'identity' ? clock : undefined);
  }

  /** The body, unpacked. What it throws is a typed `LMError`, unless the exchange was stopped. */
  pieces(): AsyncIterable<Uint8Array> {
    return this.#packing === 'identity' ? this.#queue : unpacked(this.#queue, this.#packing, this.#place, this);
  }

  push(piece: Uint8Array): void {
    if (this.#lingering !== undefined) {
      this.#lingered += piece.length;
      if (this.#lingered > LINGER_BYTES) this.#source.giveUp();
      return;
    }
    if (this.#packing === 'identity') this.bytesRead += piece.length;
    this.#queue.push(piece);
  }

  end(): void {
    this.#over();
    this.#queue.end();
  }

  /** The connection broke. */
  broken(error: unknown): void {
    this.#over();
    this.#queue.fail(transportFailure(error, this.#place));
  }

  /** The exchange was stopped, and its caller knows why: nothing more is read. */
  stopped(): void {
    this.#over();
    // Not the reason of an abort, which is its user's: errors that go through an unpacker are rewritten.
    this.#queue.fail(new Error('stopped'));
  }

  /** All that matters was read. The server may end the body, so that the connection can be used again. */
  release(): void {
    if (this.#ended) return;
    if (this.#packing !== 'identity') {
      this.#source.giveUp();
      return;
    }
    this.#lingering = setTimeout(() => this.#source.giveUp(), LINGER_MS).unref();
    this.#queue.drop();
  }

  #over(): void {
    this.#ended = true;
    clearTimeout(this.#lingering);
  }
}
