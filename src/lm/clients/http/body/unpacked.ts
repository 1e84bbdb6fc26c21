import { pipeline, type Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib';
import { LMError, LMInvalidResponseError } from '../../../../core/errors/lm-errors';
import type { ExchangeClock } from '../exchange-clock';
import { type FailurePlace, tooLong, transportFailure } from '../transport-failure';
import type { PieceQueue } from './piece-queue';

/** Functions around each, so that the built library loads `node:zlib` (3 ms) with the first packed body. */
const UNPACKERS: Readonly<Record<string, () => NodeJS.ReadWriteStream & Readable>> = {
  gzip: () => createGunzip(),
  'x-gzip': () => createGunzip(),
  deflate: () => createInflate(),
  br: () => createBrotliDecompress(),
};

/** Where the unpacked bytes are counted, and who is told when the next ones are waited for. */
export interface BytesRead {
  readonly clock: ExchangeClock;
  bytesRead: number;
}

/** How a body is packed, by its header; `identity` when it is not. */
export function packingOf(header: string | undefined): string {
  return header?.trim().toLowerCase() || 'identity';
}

/**
 * The pieces of a packed body, unpacked and bounded: no more than `maxResponseBytes` come out, whatever the wire carries. Everything it
 * throws is a typed `LMError`. The next piece is unpacked when it is asked for.
 */
export async function* unpacked(
  packed: PieceQueue,
  packing: string,
  place: FailurePlace,
  read: BytesRead,
): AsyncGenerator<Uint8Array, void, void> {
  const { clock } = read;
  try {
    const pieces = unpackedBy(packing, packed, place).iterator({ destroyOnReturn: false });
    for (;;) {
      clock.waiting();
      const next = await pieces.next();
      clock.received();
      if (next.done) return;
      const piece = next.value as Uint8Array;
      read.bytesRead += piece.length;
      if (read.bytesRead > place.maxResponseBytes) throw tooLong(place);
      yield piece;
    }
  } catch (error) {
    throw error instanceof LMError ? error : transportFailure(error, place);
  }
}

function unpackedBy(packing: string, packed: PieceQueue, { origin, about }: FailurePlace): Readable {
  const unpacker = Object.hasOwn(UNPACKERS, packing) ? UNPACKERS[packing]?.() : undefined;
  if (unpacker === undefined) {
    const named = packing.slice(0, 40);
    throw new LMInvalidResponseError(`${origin} packed its answer as '${named}', which it was not asked to.`, about);
  }
  // A failure on either side ends the other; whoever reads the unpacked side is told.
  pipeline(packed, unpacker, () => {});
  return unpacker;
}
