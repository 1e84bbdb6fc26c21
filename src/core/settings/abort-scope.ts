import { CallDeadlineError, CallEndedError } from '../errors/call-errors';
import { type AbortListener, type AbortSource, Cancellation } from '../util/cancellation';
import { onAbort } from '../util/on-abort';
import { copyOfFrame, currentFrame, type FrameInTheMaking, runInExactFrame } from './frame';

export interface AbortScopeOptions {
  /** Who is called, for errors. */
  readonly owner: string;
  /** Aborting it aborts the scope. */
  readonly signal?: AbortSource | undefined;
  /** Time for everything inside, in milliseconds; default and `Infinity` are none. */
  readonly deadlineMs?: number | undefined;
  /** The error when the time is over; default `CallDeadlineError`. */
  readonly expired?: (() => Error) | undefined;
  /** The frame of `fn`, made for this call: it gets the scope's cancellation. Default is one like that of now. */
  readonly frame?: FrameInTheMaking | undefined;
  /**
   * True for a call that may be left alone: when the scope around it is left first, nobody awaits it any more, and its failure must not
   * end the process. Default false.
   */
  readonly mayBeLeft?: boolean | undefined;
}

/**
 * Runs `fn` with an abort scope of its own (`currentSignal()`). It fires when the scope around it, `signal` or the
 * deadline does, and when `fn` is left by return or throw, so that nothing it started and did not await goes on.
 * The returned promise rejects as soon as the scope fires, even when `fn` does not listen.
 */
export function runInAbortScope<R>(options: AbortScopeOptions, fn: () => R | Promise<R>): Promise<R> {
  const around = currentFrame();
  const outer = around.cancellation;
  const { signal } = options;
  if (outer?.aborted) return Promise.reject(outer.reason);
  if (signal?.aborted) return Promise.reject(signal.reason);
  const scope = new AbortScope<R>(options, outer);
  try {
    const frame = options.frame ?? copyOfFrame(around);
    frame.cancellation = scope;
    const work = runInExactFrame(frame, fn);
    if (isThenable(work)) work.then(scope.done, scope.failed);
    else scope.done(work);
  } catch (error) {
    scope.failed(error);
  }
  return scope.result;
}

/**
 * The cancellation of one call, its result and what it is linked to: one object that hears of the abort around it itself, because
 * every call of a module has one for as long as it is in flight.
 */
class AbortScope<R> extends Cancellation implements AbortListener {
  readonly result: Promise<R>;
  /** Takes what the work gave. */
  readonly done: (value: R) => void;
  /** Takes how the work failed. */
  readonly failed: (error: unknown) => void;
  readonly #owner: string;
  readonly #mayBeLeft: boolean;
  readonly #outer: AbortSource | undefined;
  readonly #timer: NodeJS.Timeout | undefined;
  readonly #unlisten: (() => void) | undefined;
  #unlistenOuter: (() => void) | undefined;
  #reject!: (reason: unknown) => void;

  constructor(
    { owner, signal, deadlineMs = Number.POSITIVE_INFINITY, expired, mayBeLeft = false }: AbortScopeOptions,
    outer: AbortSource | undefined,
  ) {
    super();
    this.#owner = owner;
    this.#mayBeLeft = mayBeLeft;
    this.#outer = outer;
    let settle: (value: R) => void = () => undefined;
    this.result = new Promise<R>((resolve, reject) => {
      settle = resolve;
      this.#reject = reject;
    });
    this.done = (value) => {
      this.#leave();
      settle(value);
    };
    this.failed = (error) => {
      this.#leave();
      this.#reject(error);
    };
    if (outer instanceof Cancellation) outer.attach(this);
    else if (outer !== undefined) this.#unlistenOuter = onAbort(outer, () => this.sourceAborted(outer));
    this.#unlisten = signal === outer ? undefined : signal && onAbort(signal, () => this.sourceAborted(signal));
    if (deadlineMs < Number.POSITIVE_INFINITY) {
      this.#timer = setTimeout(() => this.#giveUp(expired?.() ?? new CallDeadlineError(owner, deadlineMs)), deadlineMs);
    }
  }

  sourceAborted(source: AbortSource): void {
    if (this.#mayBeLeft && source.reason instanceof CallEndedError) this.result.catch(() => undefined);
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
    if (this.#outer instanceof Cancellation) this.#outer.detach(this);
    else this.#unlistenOuter?.();
    this.#unlisten?.();
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
