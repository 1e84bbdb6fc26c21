import { setMaxListeners } from 'node:events';
import { CallDeadlineError, CallEndedError } from '../errors/call-errors';
import { onAbort } from '../util/on-abort';
import { currentSignal, type Frame, runInFrame } from './frame';

export interface AbortScopeOptions {
  /** Who is called, for errors. */
  readonly owner: string;
  /** Aborting it aborts the scope. */
  readonly signal?: AbortSignal | undefined;
  /** Time for everything inside, in milliseconds; default and `Infinity` are none. */
  readonly deadlineMs?: number | undefined;
  /** The error when the time is over; default `CallDeadlineError`. */
  readonly expired?: (() => Error) | undefined;
  /** What else changes in the frame of `fn`. */
  readonly frame?: Partial<Frame> | undefined;
  /** Called when the scope around this one is left while this one still works. */
  readonly onLeft?: (() => void) | undefined;
}

/**
 * Runs `fn` with an abort signal of its own (`currentSignal()`). It fires when the scope around it, `signal` or the
 * deadline does, and when `fn` is left by return or throw, so that nothing it started and did not await goes on.
 * The returned promise rejects as soon as the signal fires, even when `fn` does not listen.
 */
export function runInAbortScope<R>(options: AbortScopeOptions, fn: () => R | Promise<R>): Promise<R> {
  // One promise and no race: every call of a module goes through here, and most of what lives until its answer comes is made here.
  return new Promise<R>((resolve, reject) => {
    const { owner, signal, deadlineMs = Number.POSITIVE_INFINITY, expired, frame, onLeft } = options;
    const outer = currentSignal();
    outer?.throwIfAborted();
    signal?.throwIfAborted();
    const scope = new AbortController();
    // Everything inside may listen: that many listeners are no leak.
    setMaxListeners(0, scope.signal);

    let timer: NodeJS.Timeout | undefined;
    const close = () => {
      clearTimeout(timer);
      unlinkOuter?.();
      unlinkSignal?.();
    };
    const abort = (reason: unknown) => {
      close();
      reject(reason);
      scope.abort(reason);
    };
    const leave = () => {
      close();
      if (!scope.signal.aborted) scope.abort(callEnded(owner));
    };
    const link = (source: AbortSignal) =>
      onAbort(source, () => {
        if (source.reason instanceof CallEndedError) onLeft?.();
        abort(source.reason);
      });
    const unlinkOuter = outer && link(outer);
    const unlinkSignal = signal === outer ? undefined : signal && link(signal);
    if (deadlineMs < Number.POSITIVE_INFINITY) {
      timer = setTimeout(() => abort(expired?.() ?? new CallDeadlineError(owner, deadlineMs)), deadlineMs);
    }

    const done = (value: R) => {
      leave();
      resolve(value);
    };
    const failed = (error: unknown) => {
      leave();
      reject(error);
    };
    try {
      const work = runInFrame({ ...frame, signal: scope.signal }, fn);
      if (isThenable(work)) work.then(done, failed);
      else done(work);
    } catch (error) {
      failed(error);
    }
  });
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
