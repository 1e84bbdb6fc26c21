import { StreamTakenError } from '../../errors/clients/stream-errors';

/** How much waits in memory for a reader who is slow. */
export interface QueueLimits {
  /** Events. */
  readonly maxEvents: number;
  /** Characters of text in them. */
  readonly maxCharacters: number;
}

/** A promise, and what settles it. */
interface Gate {
  readonly promise: Promise<void>;
  readonly open: () => void;
}

type Ending = { readonly error?: unknown };

/**
 * Hands events from a call to one reader. Beyond its limits the writer is held back until the reader has caught up; while only
 * the result is waited for (`drain`), what does not fit is dropped instead.
 */
export class EventQueue<E> {
  private events: { readonly event: E; readonly size: number }[] = [];
  private head = 0;
  private characters = 0;
  private ending: Ending | undefined;
  /** Opened when there is something to read. */
  private news: Gate | undefined;
  /** Opened when there is room again. */
  private room: Gate | undefined;
  private draining = false;
  private lost = 0;
  private reading = false;

  constructor(
    private readonly owner: string,
    private readonly limits: QueueLimits,
  ) {}

  /** Events that nobody read in time. */
  get dropped(): number {
    return this.lost;
  }

  /** Adds an event of so many characters. The promise, if any, is settled when there is room for the next one. */
  push(event: E, size: number): void | Promise<void> {
    if (this.ending !== undefined) return;
    if (this.isFull && this.draining) {
      this.lost += 1;
      return;
    }
    this.events.push({ event, size });
    this.characters += size;
    this.wake();
    if (!this.isFull || this.draining) return;
    this.room ??= gate();
    return this.room.promise;
  }

  /** Nothing more comes; with an error the reader gets it after what is there. The first ending counts. */
  end(ending: Ending = {}): void {
    if (this.ending !== undefined) return;
    this.ending = ending;
    this.wake();
    this.makeRoom();
  }

  /** From now on nobody need read: what does not fit is dropped. */
  drain(): void {
    if (this.reading) return;
    this.draining = true;
    this.makeRoom();
  }

  /** The events, once. `left` is called when the reader goes before the end. Throws `StreamTakenError` the second time. */
  read(left: () => void): AsyncIterator<E, undefined> {
    if (this.reading) throw new StreamTakenError(this.owner);
    this.reading = true;
    this.draining = false;
    return {
      next: () => this.next(),
      return: async () => {
        if (this.ending === undefined) left();
        this.clear();
        this.end();
        return { done: true, value: undefined };
      },
    };
  }

  private async next(): Promise<IteratorResult<E, undefined>> {
    for (;;) {
      const next = this.events[this.head];
      if (next !== undefined) {
        this.taken(next.size);
        return { done: false, value: next.event };
      }
      const { ending } = this;
      if (ending !== undefined) {
        // The error is given once; after it the iteration is over, as a generator's is.
        this.ending = {};
        if ('error' in ending) throw ending.error;
        return { done: true, value: undefined };
      }
      this.news ??= gate();
      await this.news.promise;
    }
  }

  private taken(size: number): void {
    this.events[this.head] = undefined as never;
    this.head += 1;
    this.characters -= size;
    // The list moves up now and then, not with each event.
    if (this.head > 1024 || this.head === this.events.length) {
      this.events = this.events.slice(this.head);
      this.head = 0;
    }
    if (!this.isFull) this.makeRoom();
  }

  private get isFull(): boolean {
    return this.events.length - this.head >= this.limits.maxEvents || this.characters >= this.limits.maxCharacters;
  }

  private clear(): void {
    [this.events, this.head, this.characters] = [[], 0, 0];
  }

  private wake(): void {
    this.news?.open();
    this.news = undefined;
  }

  private makeRoom(): void {
    this.room?.open();
    this.room = undefined;
  }
}

function gate(): Gate {
  let open: () => void = () => undefined;
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, open };
}
