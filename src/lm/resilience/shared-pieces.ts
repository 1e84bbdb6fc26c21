/** Takes the pieces of a result; a promise it returns is waited for before the next one. */
export type TakePiece<P> = (piece: P) => void | Promise<void>;

interface Reader<P> {
  readonly take: TakePiece<P>;
  /** Pieces taken so far. */
  at: number;
  /** Runs while the reader is behind. */
  pump: Promise<void> | undefined;
  failure: { readonly error: unknown } | undefined;
  gone: boolean;
}

/** One reader's part in a stream that is shared. */
export interface SharedReader {
  /** Waits until every piece so far has been taken. Rejects with what the taker threw. */
  caughtUp(): Promise<void>;
  /** Nothing more is told to this reader. */
  leave(): void;
}

/**
 * Tells the pieces of one result to several readers: who comes late gets those so far at once. A slow reader holds up nobody
 * else; only when all who wait are slow is the source held back. What is kept is the result itself, no more.
 */
export class SharedPieces<P> {
  private readonly pieces: P[] = [];
  private readonly readers = new Set<Reader<P>>();
  private release: (() => void) | undefined;
  /** Callers who wait for the whole and take no pieces: for them the source must not be held back. */
  private waiting = 0;

  /** Takes a piece from the source. The promise, if any, is settled when the first reader is ready for the next. */
  push(piece: P): void | Promise<void> {
    this.pieces.push(piece);
    for (const reader of this.readers) this.advance(reader);
    if (!this.allBehind()) return;
    return new Promise<void>((resolve) => {
      this.release = resolve;
    });
  }

  /** Somebody else waits for the whole result; call the function when they no longer do. */
  wait(): () => void {
    this.waiting += 1;
    this.letOn();
    return () => {
      this.waiting -= 1;
    };
  }

  read(take: TakePiece<P>): SharedReader {
    const reader: Reader<P> = { take, at: 0, pump: undefined, failure: undefined, gone: false };
    this.readers.add(reader);
    this.advance(reader);
    this.letOn();
    return {
      caughtUp: async () => {
        await reader.pump;
        if (reader.failure !== undefined) throw reader.failure.error;
      },
      leave: () => {
        reader.gone = true;
        this.readers.delete(reader);
        this.letOn();
      },
    };
  }

  /** Tells what there is, at once as long as the reader keeps up. */
  private advance(reader: Reader<P>): void {
    if (reader.pump !== undefined || reader.failure !== undefined) return;
    const held = this.tellNow(reader);
    if (held === undefined) return;
    reader.pump = this.tellLater(reader, held).finally(() => {
      reader.pump = undefined;
      this.letOn();
    });
  }

  private tellNow(reader: Reader<P>): Promise<void> | undefined {
    try {
      while (!reader.gone && reader.at < this.pieces.length) {
        const held = reader.take(this.pieces[reader.at++] as P);
        if (held !== undefined) return held;
      }
    } catch (error) {
      reader.failure = { error };
    }
    return undefined;
  }

  private async tellLater(reader: Reader<P>, first: Promise<void>): Promise<void> {
    for (let held: Promise<void> | undefined = first; held !== undefined; held = this.tellNow(reader)) {
      try {
        await held;
      } catch (error) {
        reader.failure = { error };
        return;
      }
    }
  }

  private allBehind(): boolean {
    if (this.waiting > 0 || this.readers.size === 0) return false;
    for (const reader of this.readers) if (reader.pump === undefined) return false;
    return true;
  }

  private letOn(): void {
    if (this.release === undefined || this.allBehind()) return;
    this.release();
    this.release = undefined;
  }
}
