import { setMaxListeners } from 'node:events';
import { CallDeadlineError, CallEndedError } from '../errors/call-errors';
import { onAbort } from '../util/on-abort';
import { currentSignal, runInFrame } from './frame';

export interface AbortScopeOptions {
  /** Who is called, for errors. */
  readonly owner: string;
  /** Aborting it aborts the scope. */
  readonly signal?: AbortSignal | undefined;
  /** Time for everything inside, in milliseconds. */
  readonly deadlineMs?: number | undefined;
  /** Called when the scope around this one is left while this one still works. */
  readonly onLeft?: (() => void) | undefined;
}

/**
 * Runs `fn` with an abort signal of its own (`currentSignal()`). It fires when the scope around it, `signal` or the
 * deadline does, and when `fn` is left by return or throw, so that nothing it started and did not await goes on.
 * The returned promise rejects as soon as the signal fires, even when `fn` does not listen.
 */
export async function runInAbortScope<R>(options: AbortScopeOptions, fn: () => R | Promise<R>): Promise<R> {
  const controller = new AbortController();
  // Everything inside may listen: that many listeners are no leak.
  setMaxListeners(0, controller.signal);
  const sources = new Set([currentSignal(), options.signal].filter((signal) => signal !== undefined));
  for (const source of sources) if (source.aborted) throw source.reason;

  let timer: NodeJS.Timeout | undefined;
  let giveUp = (): void => undefined;
  const aborted = new Promise<never>((_, reject) => {
    giveUp = () => reject(controller.signal.reason);
  });
  aborted.catch(() => undefined);
  controller.signal.addEventListener('abort', giveUp, { once: true });
  const links = [...sources].map((source) =>
    onAbort(source, () => {
      if (source.reason instanceof CallEndedError) options.onLeft?.();
      controller.abort(source.reason);
    }),
  );
  const { owner, deadlineMs } = options;
  if (deadlineMs !== undefined) {
    timer = setTimeout(() => controller.abort(new CallDeadlineError(owner, deadlineMs)), deadlineMs);
  }
  try {
    const work = Promise.resolve(runInFrame({ signal: controller.signal }, async () => fn()));
    return await Promise.race([work, aborted]);
  } finally {
    clearTimeout(timer);
    for (const unlink of links) unlink();
    controller.signal.removeEventListener('abort', giveUp);
    if (!controller.signal.aborted) controller.abort(callEnded(owner));
  }
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
