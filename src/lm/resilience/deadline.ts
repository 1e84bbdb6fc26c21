/** Timers of Node fire at once when they are asked for more. */
export const MAX_TIMER_MS = 2 ** 31 - 1;

export interface DeadlineOptions {
  /** Time for the call, in milliseconds; absent or infinite means none. */
  readonly deadlineMs?: number | undefined;
  /** Aborting it rejects with its reason. */
  readonly signal?: AbortSignal | undefined;
  /** The error when the time is over. */
  readonly expired: () => Error;
}

/**
 * Runs a call under a deadline and an abort signal. It settles as soon as either fires, even when the call does not
 * listen; the call's own signal then fires with the same reason. Nothing is left on the outer signal or the timer queue.
 */
export async function withDeadline<T>(
  call: (signal: AbortSignal) => Promise<T>,
  { deadlineMs, signal, expired }: DeadlineOptions,
): Promise<T> {
  signal?.throwIfAborted();
  const controller = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  let onAbort: (() => void) | undefined;
  const cut = new Promise<never>((_resolve, reject) => {
    const stop = (reason: unknown) => {
      reject(reason);
      controller.abort(reason);
    };
    onAbort = () => stop(signal?.reason);
    signal?.addEventListener('abort', onAbort, { once: true });
    if (deadlineMs !== undefined && deadlineMs <= MAX_TIMER_MS) {
      // Whatever the call waits for keeps the process alive; the deadline alone need not.
      timer = setTimeout(() => stop(expired()), Math.max(0, deadlineMs)).unref();
    }
  });
  try {
    return await Promise.race([call(controller.signal), cut]);
  } finally {
    clearTimeout(timer);
    if (onAbort !== undefined) signal?.removeEventListener('abort', onAbort);
  }
}

/** Waits for a promise, but no longer than until the signal fires: then rejects with its reason. */
export function untilAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return promise;
  return new Promise<T>((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', onAbort));
  });
}

/** Sleeps, and wakes at once with the signal's reason when it fires. The timer holds the process: work is waiting. */
export function sleep(ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = () => {
      clearTimeout(timer);
      reject(signal?.reason);
    };
    const timer = setTimeout(
      () => {
        signal?.removeEventListener('abort', onAbort);
        resolve();
      },
      Math.min(ms, MAX_TIMER_MS),
    );
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}
