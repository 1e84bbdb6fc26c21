import { CallDeadlineError, CallEndedError } from '../errors/call-errors';
import { type AbortSource, Cancellation } from '../util/cancellation';
import { onAbort } from '../util/on-abort';
import { currentFrame, type Frame, runInExactFrame } from './frame';

export interface AbortScopeOptions {
  /** Who is called, for errors. */
  readonly owner: string;
  /** Aborting it aborts the scope. */
  readonly signal?: AbortSource | undefined;
  /** Time for everything inside, in milliseconds; default and `Infinity` are none. */
  readonly deadlineMs?: number | undefined;
  /** The error when the time is over; default `CallDeadlineError`. */
  readonly expired?: (() => Error) | undefined;
  /** The frame of `fn`, but for its cancellation; default that of now. */
  readonly frame?: Frame | undefined;
  /** Called when the scope around this one is left while this one still works. */
  readonly onLeft?: (() => void) | undefined;
}

/**
 * Runs `fn` with an abort scope of its own (`currentSignal()`). It fires when the scope around it, `signal` or the
 * deadline does, and when `fn` is left by return or throw, so that nothing it started and did not await goes on.
 * The returned promise rejects as soon as the scope fires, even when `fn` does not listen.
 */
export function runInAbortScope<R>(options: AbortScopeOptions, fn: () => R | Promise<R>): Promise<R> {
  return new Promise<R>((resolve, reject) => {
    const around = currentFrame();
    const outer = around.cancellation;
    outer?.throwIfAborted();
    options.signal?.throwIfAborted();
    const scope = new AbortScope(options, outer, resolve, reject);
    try {
      const work = runInExactFrame({ ...(options.frame ?? around), cancellation: scope }, fn);
      if (isThenable(work)) work.then(scope.done, scope.failed);
      else scope.done(work);
    } catch (error) {
      scope.failed(error);
    }
  });
}

/**
 * The cancellation of one call and what it is linked to. One object with two functions: every call of a module has it, and what most
 * of the memory of a call in flight goes to is made here.
 */
class AbortScope<R> extends Cancellation {
  readonly #owner: string;
  readonly #reject: (reason: unknown) => void;
  readonly #onLeft: (() => void) | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #unlinkOuter: (() => void) | undefined;
  readonly #unlinkSignal: (() => void) | undefined;
  readonly done: (value: R) => void;
  readonly failed: (error: unknown) => void;

  constructor(
    { owner, signal, deadlineMs = Number.POSITIVE_INFINITY, expired, onLeft }: AbortScopeOptions,
    outer: AbortSource | undefined,
    resolve: (value: R) => void,
    reject: (reason: unknown) => void,
  ) {
    super();
    this.#owner = owner;
    this.#reject = reject;
    this.#onLeft = onLeft;
    this.#unlinkOuter = outer && onAbort(outer, () => this.#follow(outer));
    this.#unlinkSignal = signal === outer ? undefined : signal && onAbort(signal, () => this.#follow(signal));
    if (deadlineMs < Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.#giveUp(expired?.() ?? new CallDeadlineError(owner, deadlineMs)), deadlineMs);
    }
    this.done = (value) => {
      this.#leave();
      resolve(value);
    };
    this.failed = (error) => {
      this.#leave();
      reject(error);
    };
  }

  #follow(source: AbortSource): void {
    if (source.reason instanceof CallEndedError) this.#onLeft?.();
    this.#giveUp(source.reason);
  }

  #giveUp(reason: unknown): void {
    this.#unlink();
    this.#reject(reason);
    this.abort(reason);
  }

  #leave(): void {
    this.#unlink();
    if (!this.aborted) this.abort(callEnded(this.#owner));
  }

  #unlink(): void {
    if (this.#timer !== undefined) clearTimeout(this.#timer);
    this.#unlinkOuter?.();
    this.#unlinkSignal?.();
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as PromiseLike<unknown> | null | undefined)?.then === 'function';
}

const ended = new Map<string, CallEndedError>();

/** One for each class: every call ends with it, and a fresh error costs as much as the rest of the scope. */
function callEnded(owner: string): CallEndedError {
  const known = ended.get(owner);
  if (known !== undefined) return known;
  const made = new CallEndedError(owner);
  // Where it was made first says nothing about where it is thrown next.
  made.stack = `${made.name}: ${made.message}`;
  ended.set(owner, made);
  return made;
}
