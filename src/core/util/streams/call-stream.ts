import { StreamStoppedError } from '../../errors/clients/stream-errors';
import { onAbort } from '../on-abort';
import { EventQueue, type QueueLimits } from './event-queue';

/** How many events and characters may wait for the reader when nobody says otherwise. */
export const STREAM_LIMITS: QueueLimits = { maxEvents: 1000, maxCharacters: 1024 * 1024 };

export interface CallStreamInit extends QueueLimits {
  /** Who is called, for errors. */
  readonly owner: string;
  /** Aborting it aborts the call, which fails with its reason. */
  readonly signal: AbortSignal | undefined;
}

/**
 * A call that is followed while it goes on: its events by `for await`, its result by `result`. Leaving the loop early aborts the
 * call. A reader who is slow holds the model back; with nobody reading, the call waits once the queue is full, unless `result`
 * was asked for: then events beyond the queue are dropped.
 */
export class CallStream<E, R> implements AsyncIterable<E> {
  readonly #queue: EventQueue<E>;
  readonly #controller = new AbortController();
  readonly #owner: string;
  #result: Promise<R>;
  #settled = false;

  /** Made by `module.stream` and `lm.stream`. `start` begins the call; `ended`, if given, makes the last event of its result. */
  constructor(
    init: CallStreamInit,
    start: (push: (event: E, size: number) => void | Promise<void>, signal: AbortSignal) => Promise<R>,
    ended?: (result: R) => E,
  ) {
    const { owner, signal } = init;
    this.#owner = owner;
    this.#queue = new EventQueue(owner, init);
    const unlisten = signal && onAbort(signal, () => this.#controller.abort(signal.reason));
    if (signal?.aborted) this.#controller.abort(signal.reason);
    const settle = (): void => {
      this.#settled = true;
      unlisten?.();
    };
    this.#result = start((event, size) => this.#queue.push(event, size), this.#controller.signal).then(
      (result) => {
        settle();
        if (ended !== undefined) this.#queue.push(ended(result), 0);
        this.#queue.end();
        return result;
      },
      (error: unknown) => {
        settle();
        this.#queue.end({ error });
        throw error;
      },
    );
    // Whoever reads the events gets the error there; asking for the result as well is up to them.
    this.#result.catch(() => undefined);
  }

  /**
   * What `call` would have given; fails with the same error as the events. Asking for it while nobody reads says that events
   * need not be read.
   */
  get result(): Promise<R> {
    this.#queue.drain();
    return this.#result;
  }

  /** Events that were dropped because nobody read them. */
  get dropped(): number {
    return this.#queue.dropped;
  }

  /** Aborts the call and its requests; `result` then fails with `StreamStoppedError`. Does nothing after the end. */
  stop(): void {
    if (!this.#settled) this.#controller.abort(new StreamStoppedError(this.#owner));
  }

  /** Throws `StreamTakenError` when somebody reads already. */
  [Symbol.asyncIterator](): AsyncIterator<E, undefined> {
    return this.#queue.read(() => this.stop());
  }
}
