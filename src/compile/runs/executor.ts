import type { AbortSource } from '../../core/util/cancellation';
import { wholeNumber } from '../../core/util/check-options';
import { onAbort } from '../../core/util/on-abort';

export interface BoundedOptions {
  /** Items under way at a time, at least 1. */
  readonly concurrency: number;
  /** Aborting it starts no further item; the returned promise rejects with its reason. */
  readonly signal?: AbortSource | undefined;
}

/** Items that are there, come one by one, or come one by one and in time. */
export type Items<T> = Iterable<T> | AsyncIterable<T>;

/** The source of the items failed, not the work on one. */
export class SourceFailure {
  constructor(readonly error: unknown) {}
}

/**
 * Runs `work` over `items`, starting them in order, at most `concurrency` at a time. No thread and no queue: an item is taken from its
 * source when there is room for it, so it costs O(1), thousands may be under way, and a stream is read no faster than it is worked off.
 *
 * Every item runs in the async context of the caller. The first failure ends the run: no further item starts, and when those under way
 * have settled the promise rejects, with the error of `work` or a `SourceFailure`. A source that is left early is closed.
 */
export async function forEachBounded<T>(
  items: Items<T>,
  options: BoundedOptions,
  /** An async function: it rejects, it does not throw. */
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const concurrency = wholeNumber('forEachBounded', 'concurrency', options.concurrency, 1);
  const source = iteratorOf(items);
  await new Promise<void>((resolve, reject) => {
    new BoundedRun(source, concurrency, options.signal, work, resolve, reject).begin();
  });
}

/** One run over a source. Nothing is made for an item but the promise of its work and one that hears it. */
class BoundedRun<T> {
  private index = 0;
  private underWay = 0;
  /** An item was asked for and has not come. */
  private pulling = false;
  /** The source has no more. */
  private exhausted = false;
  private failure: { readonly error: unknown } | undefined;
  private settled = false;
  private unlisten: (() => void) | undefined;

  constructor(
    private readonly source: Iterator<T> | AsyncIterator<T>,
    private readonly concurrency: number,
    private readonly signal: AbortSource | undefined,
    private readonly work: (item: T, index: number) => Promise<void>,
    private readonly resolve: () => void,
    private readonly reject: (error: unknown) => void,
  ) {}

  begin(): void {
    // Not for those under way, who listen themselves, but for a source that never gives its next item.
    if (this.signal !== undefined) this.unlisten = onAbort(this.signal, () => this.settleIfDone());
    this.fill();
  }

  private get stopped(): boolean {
    return this.failure !== undefined || this.signal?.aborted === true;
  }

  private fill(): void {
    while (!this.pulling && !this.exhausted && this.underWay < this.concurrency && !this.stopped) this.pull();
    this.settleIfDone();
  }

  private pull(): void {
    try {
      const next = this.source.next();
      if (isThenable(next)) {
        this.pulling = true;
        // Promises of another kind run callbacks in whatever context they like; one of the platform is taken as it is.
        Promise.resolve(next).then(this.pulled, this.pullFailed);
      } else this.take(next);
    } catch (error) {
      this.sourceFailed(error);
    }
  }

  private readonly pulled = (next: IteratorResult<T>): void => {
    this.pulling = false;
    try {
      // What comes after the end is not started.
      if (!this.stopped) this.take(next);
    } catch (error) {
      this.sourceFailed(error);
    }
    this.fill();
  };

  private readonly pullFailed = (error: unknown): void => {
    this.pulling = false;
    this.sourceFailed(error);
    this.settleIfDone();
  };

  /** A source that threw is over: it is not closed. */
  private sourceFailed(error: unknown): void {
    this.exhausted = true;
    this.failure ??= { error: new SourceFailure(error) };
  }

  /** Throws for what is no result of an iterator. */
  private take(next: IteratorResult<T>): void {
    if (typeof next !== 'object' || next === null)
      throw new TypeError(`Iterator result ${String(next)} is not an object`);
    // Anything true, as in a loop.
    if (next.done) {
      this.exhausted = true;
      return;
    }
    this.underWay++;
    this.work(next.value, this.index++).then(this.done, this.failed);
  }

  private readonly done = (): void => {
    this.underWay--;
    this.fill();
  };

  private readonly failed = (error: unknown): void => {
    this.failure ??= { error };
    this.done();
  };

  private settleIfDone(): void {
    if (this.settled || this.underWay > 0 || !(this.stopped || (this.exhausted && !this.pulling))) return;
    this.settled = true;
    this.unlisten?.();
    const settle = (): void => {
      if (this.failure !== undefined) this.reject(this.failure.error);
      else if (this.signal?.aborted === true) this.reject(this.signal.reason);
      else this.resolve();
    };
    if (this.exhausted) settle();
    else this.close(settle);
  }

  /** Tells the source that nobody wants the rest, and waits until it has put away what it holds: unless it hangs already. */
  private close(then: () => void): void {
    try {
      const closing: unknown = this.source.return?.();
      if (isThenable(closing) && !this.pulling) return void closing.then(then, then);
      if (isThenable(closing)) closing.then(undefined, () => undefined);
    } catch {
      // The run has failed for a reason of its own, which is the one to tell.
    }
    then();
  }
}

/** Throws `SourceFailure`. */
function iteratorOf<T>(items: Items<T>): Iterator<T> | AsyncIterator<T> {
  try {
    return Symbol.asyncIterator in items ? items[Symbol.asyncIterator]() : items[Symbol.iterator]();
  } catch (error) {
    throw new SourceFailure(error);
  }
}

function isThenable<R>(value: R | PromiseLike<R>): value is PromiseLike<R> {
  return typeof (value as Partial<PromiseLike<R>> | null | undefined)?.then === 'function';
}
