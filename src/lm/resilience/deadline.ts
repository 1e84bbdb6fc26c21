import { type AbortSource, Cancellation } from '../../core/util/cancellation';
import { onAbort } from '../../core/util/on-abort';
import { FairTimer, MAX_TIMER_MS } from './fair-timer';

export { MAX_TIMER_MS };

export interface DeadlineOptions {
  /** Time for the wait, in milliseconds; absent or infinite means none. */
  readonly deadlineMs?: number | undefined;
  /** Aborting it rejects with its reason. */
  readonly signal?: AbortSource | undefined;
  /** The error when the time is over. */
  readonly expired?: () => Error | undefined;
}

/**
 * Waits for work under a deadline and an abort signal, and settles as soon as either fires, even when the work does not
 * listen. The work is told its deadline and its signal by whoever started it; here it is only no longer waited for.
 */
export function withDeadline<T>(work: Promise<T>, { deadlineMs, signal, expired }: DeadlineOptions): Promise<T> {
  return new Promise<T>((resolve, reject) => {
    let timer: FairTimer | undefined;
    let unlisten: (() => void) | undefined;
    const settle = () => {
      timer?.stop();
      unlisten?.();
    };
    work.then(
      (value) => {
        settle();
        resolve(value);
      },
      (error) => {
        settle();
        reject(error);
      },
    );
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    if (signal !== undefined) {
      unlisten = onAbort(signal, () => {
        settle();
        reject(signal.reason);
      });
    }
    if (deadlineMs !== undefined && deadlineMs <= MAX_TIMER_MS) {
      const onTime = () => {
        settle();
        reject(expired?.() ?? new Error(`not done within ${deadlineMs} ms`));
      };
      // Whatever the work waits for keeps the process alive; the deadline alone need not.
      timer = new FairTimer(deadlineMs, onTime);
    }
  });
}

/** Waits for work, but no longer than until the signal fires: then rejects with its reason. */
export function untilAborted<T>(work: Promise<T>, signal: AbortSource | undefined): Promise<T> {
  return signal === undefined ? work : withDeadline(work, { signal });
}

/** A source that fires with `signal`, and with the error of `expired` when the time is over; `stop` ends both. */
export function sourceWithDeadline(
  signal: AbortSource | undefined,
  deadlineMs: number,
  expired: () => Error,
): { readonly source: Cancellation; readonly stop: () => void } {
  const source = new Cancellation();
  const timer = deadlineMs <= MAX_TIMER_MS ? new FairTimer(deadlineMs, () => source.abort(expired())) : undefined;
  const unlisten = signal && onAbort(signal, () => source.abort(signal.reason));
  return {
    source,
    stop: () => {
      timer?.stop();
      unlisten?.();
    },
  };
}

/** Sleeps, and wakes at once with the signal's reason when it fires. The timer holds the process: work is waiting. */
export function sleep(ms: number, signal?: AbortSource): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      reject(signal.reason);
      return;
    }
    const unlisten =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        reject(signal.reason);
      });
    const onTime = () => {
      unlisten?.();
      resolve();
    };
    const timer = setTimeout(onTime, Math.min(ms, MAX_TIMER_MS));
  });
}
