import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { LMInvalidResponseError } from '../../../core/errors/lm-errors';
import type { ExchangeClock } from './exchange-clock';
import { bodyFailure, type FailurePlace, tooLong, transportFailure } from './transport-failure';

/** A body as undici gives it. */
export interface RawBody extends Readable {
  text(): Promise<string>;
  bytes(): Promise<Uint8Array>;
  dump(options: { readonly limit: number }): Promise<unknown>;
}

const UNPACKERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: createGunzip,
  'x-gzip': createGunzip,
  deflate: createInflate,
  br: createBrotliDecompress,
};

/** After the last event a server may end its body within this time and length, and the connection is kept. */
const LINGER_MS = 500;
const LINGER_BYTES = 16 * 1024;

/**
 * The body of an answer, unpacked and bounded: whatever the wire carries, no more than `maxResponseBytes` come out, and a packed body
 * is given up as soon as it exceeds them. Everything it throws is a typed `LMError`.
 */
export class ResponseBody {
  readonly #raw: RawBody;
  readonly #encoding: string;
  readonly #place: FailurePlace;
  readonly #clock: ExchangeClock;
  #read = 0;

  constructor(raw: RawBody, encoding: string | undefined, place: FailurePlace, clock: ExchangeClock) {
    this.#raw = raw;
    this.#encoding = encoding?.trim().toLowerCase() || 'identity';
    this.#place = place;
    this.#clock = clock;
  }

  /** Bytes that were read so far, unpacked. */
  get bytesRead(): number {
    return this.#read;
  }

  /** The whole body as text; bytes that are no UTF-8 become U+FFFD. */
  async text(): Promise<string> {
    if (this.#encoding !== 'identity') return new TextDecoder().decode(await this.bytes());
    try {
      const text = await this.#raw.text();
      this.#read = Buffer.byteLength(text);
      return text;
    } catch (error) {
      throw bodyFailure(error, this.#place);
    }
  }

  /** The whole body, unpacked unless `packed`. */
  async bytes({ packed = false } = {}): Promise<Uint8Array> {
    if (packed || this.#encoding === 'identity') {
      try {
        const bytes = await this.#raw.bytes();
        this.#read = bytes.length;
        return bytes;
      } catch (error) {
        throw bodyFailure(error, this.#place);
      }
    }
    const parts: Uint8Array[] = [];
    for await (const part of this.chunks()) parts.push(part);
    return Buffer.concat(parts);
  }

  /** The body in pieces as they come. The next one is read when it is asked for. */
  async *chunks(): AsyncGenerator<Uint8Array, void, void> {
    try {
      const pieces = this.#unpacked().iterator({ destroyOnReturn: false });
      for (;;) {
        this.#clock.waiting();
        const next = await pieces.next();
        this.#clock.received();
        if (next.done) return;
        const piece = next.value as Uint8Array;
        this.#read += piece.length;
        if (this.#read > this.#place.maxResponseBytes) throw tooLong(this.#place);
        yield piece;
      }
    } catch (error) {
      throw error instanceof LMInvalidResponseError ? error : transportFailure(error, this.#place);
    }
  }

  /** Gives up what was not read, and with it the connection. When all that matters was read, the server may end first. */
  release({ complete }: { readonly complete: boolean }): void {
    const raw = this.#raw;
    if (raw.closed || raw.destroyed) return;
    raw.on('error', () => {});
    if (!complete || this.#encoding !== 'identity') {
      raw.destroy();
      return;
    }
    const timer = setTimeout(() => raw.destroy(), LINGER_MS).unref();
    raw.on('close', () => clearTimeout(timer));
    raw.dump({ limit: LINGER_BYTES }).catch(() => {});
  }

  #unpacked(): Readable {
    if (this.#encoding === 'identity') return this.#raw;
    const { origin, about } = this.#place;
    const unpacker = Object.hasOwn(UNPACKERS, this.#encoding) ? UNPACKERS[this.#encoding]?.() : undefined;
    if (unpacker === undefined) {
      const named = this.#encoding.slice(0, 40);
      throw new LMInvalidResponseError(`${origin} packed its answer as '${named}', which it was not asked to.`, about);
    }
    // A failure on either side ends the other; whoever reads the unpacked side is told.
    pipeline(this.#raw, unpacker, () => {});
    return unpacker;
  }
}
