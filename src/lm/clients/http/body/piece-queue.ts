import type { ExchangeClock } from '../exchange-clock';

/** More than this, in bytes, is not read ahead of the consumer. */
const AHEAD_BYTES = 64 * 1024;

/** What holds the bytes back while the consumer is busy. */
export interface PieceSource {
  pause(): void;
  resume(): void;
}

interface Waiting {
  resolve(result: IteratorResult<Uint8Array, void>): void;
  reject(error: unknown): void;
}

/**
 * The body of an answer in pieces, between the socket that brings them and the consumer who takes one at a time. What came before a
 * failure is given out first. Leaving the loop early gives up nothing by itself: the exchange does that.
 */
export class PieceQueue implements AsyncIterableIterator<Uint8Array, void> {
  readonly #source: PieceSource;
  readonly #clock: ExchangeClock | undefined;
  #pieces: Uint8Array[] = [];
  #bytes = 0;
  #held = false;
  #ended = false;
  #failure: { readonly error: unknown } | undefined;
  #waiting: Waiting | undefined;

  /** `clock` is told when a piece is waited for, where gaps count. */
  constructor(source: PieceSource, clock: ExchangeClock | undefined) {
    this.#source = source;
    this.#clock = clock;
  }

  push(piece: Uint8Array): void {
    if (this.#waiting !== undefined) {
      this.#taken()?.resolve({ done: false, value: piece });
      return;
    }
    this.#pieces.push(piece);
    this.#bytes += piece.length;
    if (this.#bytes < AHEAD_BYTES || this.#held) return;
    this.#held = true;
    this.#source.pause();
  }

  /** The body is whole. */
  end(): void {
    this.#ended = true;
    this.#taken()?.resolve({ done: true, value: undefined });
  }

  /** No more will come: the consumer is given this error after the pieces that are there. */
  fail(error: unknown): void {
    this.#failure ??= { error };
    this.#taken()?.reject(error);
  }

  /** Throws away what is there and what will come. */
  drop(): void {
    this.#pieces = [];
    this.#bytes = 0;
    this.#letOn();
  }

  next(): Promise<IteratorResult<Uint8Array, void>> {
    const piece = this.#pieces.shift();
    if (piece !== undefined) {
      this.#bytes -= piece.length;
      if (this.#pieces.length === 0) this.#letOn();
      return Promise.resolve({ done: false, value: piece });
    }
    if (this.#failure !== undefined) return Promise.reject(this.#failure.error);
    if (this.#ended) return Promise.resolve({ done: true, value: undefined });
    this.#clock?.waiting();
    return new Promise((resolve, reject) => {
      this.#waiting = { resolve, reject };
    });
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  #taken(): Waiting | undefined {
    const waiting = this.#waiting;
    this.#waiting = undefined;
    if (waiting !== undefined) this.#clock?.received();
    return waiting;
  }

  #letOn(): void {
    if (!this.#held) return;
    this.#held = false;
    this.#source.resume();
  }
}
