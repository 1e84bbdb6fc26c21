import { wholeNumber } from '../../core/util/check-options';

export interface BoundedOptions {
  /** Items under way at a time, at least 1. */
  readonly concurrency: number;
  /** Aborting it starts no further item; the returned promise rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Runs `work` over `items`, starting them in order, at most `concurrency` at a time. No thread and no queue: as many
 * loops as may be in flight share one iterator, so an item costs O(1) and thousands may wait.
 *
 * Every item runs in the async context of the caller. The first rejection of `work` ends the run: no further item
 * starts, and when those under way have settled the promise rejects with it.
 */
export async function forEachBounded<T>(
  items: Iterable<T>,
  options: BoundedOptions,
  work: (item: T, index: number) => Promise<void>,
): Promise<void> {
  const concurrency = wholeNumber('forEachBounded', 'concurrency', options.concurrency, 1);
  const { signal } = options;
  const iterator = items[Symbol.iterator]();
  let index = 0;
  let failure: { readonly error: unknown } | undefined;

  const loop = async (): Promise<void> => {
    while (failure === undefined && signal?.aborted !== true) {
      const next = iterator.next();
      if (next.done === true) return;
      try {
        await work(next.value, index++);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  const first = loop();
  const loops = [first];
  // A loop that has taken the last item leaves nothing for more loops to do.
  while (loops.length < concurrency && index < sizeOf(items)) loops.push(loop());
  await Promise.all(loops);
  if (failure !== undefined) throw failure.error;
  signal?.throwIfAborted();
}

function sizeOf(items: Iterable<unknown>): number {
  return Array.isArray(items) ? items.length : Number.POSITIVE_INFINITY;
}
