import { LMTimeoutError } from '../../../core/errors/lm-errors';
import type { CallScope } from '../../../core/ports/lm';

/**
 * Runs `work` under the scope of a call: rejects with the signal's reason, or with `LMTimeoutError` at the deadline, at
 * once; the work itself hears of it through its own signal and stops at its next step.
 */
export async function underScope<T>(scope: CallScope, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const { signal: outer, deadlineMs } = scope;
  outer?.throwIfAborted();
  const controller = new AbortController();
  const forward = () => controller.abort(outer?.reason);
  outer?.addEventListener('abort', forward, { once: true });
  const timer =
    deadlineMs === undefined
      ? undefined
      : setTimeout(
          () => controller.abort(new LMTimeoutError(`The local model did not answer within ${deadlineMs} ms.`)),
          deadlineMs,
        );
  try {
    return await Promise.race([
      work(controller.signal),
      new Promise<never>((_, reject) => {
        controller.signal.addEventListener('abort', () => reject(controller.signal.reason), { once: true });
      }),
    ]);
  } finally {
    clearTimeout(timer);
    outer?.removeEventListener('abort', forward);
  }
}
