import { EventQueue } from '../../core/util/streams/event-queue';
import type { RowResult } from '../evaluate/row-result';
import type { RowFormat } from './row-formats';

/** Texts are handed on in pieces of about so many characters: one write for each row would cost more than the row. */
const PIECE = 64 * 1024;
/** Enough for the disk to be busy while the next piece is made. */
const WAITING = { maxEvents: 16, maxCharacters: 16 * PIECE };

/**
 * A file of rows that is written as they end, in the order of the devset, so that memory holds a few of them. Rows that end before an
 * earlier one wait for it; where too many wait, or the disk is slow, so does who adds them.
 */
export class RowsFile {
  private readonly early = new Map<number, RowResult<object>>();
  private readonly queue = new EventQueue<string>('RowsFile', WAITING);
  private readonly written: Promise<void>;
  private next = 0;
  private piece = '';
  private failure: { readonly error: unknown } | undefined;
  /** Those who wait for an earlier row. */
  private heldBack: (() => void)[] = [];
  private givenUp = false;

  /** At most `maxEarly` rows wait for an earlier one. */
  constructor(
    private readonly format: RowFormat,
    private readonly maxEarly: number,
  ) {
    const { queue } = this;
    this.written = format.write({ [Symbol.asyncIterator]: () => queue.read(() => undefined) });
    // Told by `finish`. Until then nobody need wait for a file that will not be.
    this.written.catch(() => queue.end());
  }

  /** Adds the row at this place of the devset. The promise, if any, is settled when there is room for more. */
  async add(row: RowResult<object>, index: number): Promise<void> {
    if (this.givenUp) return;
    this.early.set(index, row);
    let room: Promise<void> | undefined;
    for (let due = this.early.get(this.next); due !== undefined; due = this.early.get(this.next)) {
      this.early.delete(this.next++);
      room = this.note(due) ?? room;
    }
    if (this.early.size <= this.maxEarly) this.letGo();
    else if (index >= this.next) await new Promise<void>((resolve) => this.heldBack.push(resolve));
    await room;
  }

  /** To be called when a row will not come: nobody is to wait for it. The file cannot be finished any more. */
  giveUp(): void {
    this.givenUp = true;
    this.early.clear();
    this.letGo();
    this.queue.end({ error: new Error('The rows are not wanted any more.') });
  }

  /** Ends the file. Rejects with what went wrong since it was begun; then there is none. */
  async finish(): Promise<void> {
    this.queue.push(this.piece, this.piece.length);
    this.queue.end(this.failure);
    await this.written;
  }

  /** Leaves no file. */
  async discard(): Promise<void> {
    this.giveUp();
    await this.written.catch(() => undefined);
  }

  private letGo(): void {
    for (const go of this.heldBack) go();
    this.heldBack = [];
  }

  private note(row: RowResult<object>): Promise<void> | undefined {
    if (this.failure !== undefined) return undefined;
    try {
      this.piece += this.format.text(row);
    } catch (error) {
      // A value that has no text. The evaluation goes on: whoever wants the file hears of it in the end.
      this.failure = { error };
    }
    if (this.piece.length < PIECE) return undefined;
    const { piece } = this;
    this.piece = '';
    return this.queue.push(piece, piece.length) ?? undefined;
  }
}
