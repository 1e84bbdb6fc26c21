import { ToolTimeoutError } from '../../../errors/clients/tool-errors';
import { ToolArgumentError } from '../../../errors/value-errors';
import type { AbortSource } from '../../../util/cancellation';
import { onAbort } from '../../../util/on-abort';
import { toolScope } from './tool-scope';

/** What a tool is told beside its arguments. */
export interface ToolContext {
  /** Fires when the time of the tool is over, or when the call around it is aborted. */
  readonly signal: AbortSignal;
}

/** How long a tool may take, and how often it is run again after a failure. */
export interface ToolLimits {
  readonly timeoutMs: number;
  readonly retries: number;
}

/** Runs a tool within its time; again after failures, as often as its limits say. Rejects at once when the call is aborted. */
export function runTool(name: string, limits: ToolLimits, work: (context: ToolContext) => unknown): Promise<unknown> {
  const { signal, run } = toolScope();
  return run(name, async () => {
    for (let left = limits.retries; ; left--) {
      signal?.throwIfAborted();
      try {
        return await once(name, limits.timeoutMs, signal, work);
      } catch (error) {
        if (left <= 0 || signal?.aborted || error instanceof ToolArgumentError) throw error;
      }
    }
  });
}

async function once(
  name: string,
  timeoutMs: number,
  outer: AbortSource | undefined,
  work: (context: ToolContext) => unknown,
): Promise<unknown> {
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(new ToolTimeoutError(name, timeoutMs)), timeoutMs);
  const unlisten = outer && onAbort(outer, () => controller.abort(outer.reason));
  try {
    return await new Promise((resolve, reject) => {
      onAbort(controller.signal, () => reject(controller.signal.reason));
      // A tool may throw before it gives a promise.
      Promise.resolve()
        .then(() => work({ signal: controller.signal }))
        .then(resolve, reject);
    });
  } finally {
    clearTimeout(timer);
    unlisten?.();
  }
}
