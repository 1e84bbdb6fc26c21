export interface AcceptInOrderOptions<T, R> {
  readonly items: readonly T[];
  /** Items under way at a time. */
  readonly concurrency: number;
  readonly signal?: AbortSignal | undefined;
  /** How many items from the one to accept next are worth trying; asked before each acceptance. */
  readonly wanted: () => number;
  /** Tries one item; its result must not depend on other items. `signal` fires when the item turns out to be surplus. */
  readonly attempt: (item: T, index: number, signal: AbortSignal) => Promise<R>;
  /** Takes the results in the order of the items; `false` ends the work. */
  readonly accept: (result: R, index: number) => boolean;
}

/**
 * Tries items a window ahead, accepts their results in the order of the items, and cancels the surplus. With a
 * concurrency of 1 it is a plain loop; with any other the accepted results are the same, only sooner.
 */
export async function acceptInOrder<T, R>(options: AcceptInOrderOptions<T, R>): Promise<void> {
  const { items, concurrency, signal, wanted, attempt, accept } = options;
  const surplus = new AbortController();
  const stop = signal === undefined ? surplus.signal : AbortSignal.any([signal, surplus.signal]);
  const underWay: Promise<R>[] = [];
  try {
    for (let at = 0; at < items.length; at++) {
      const end = Math.min(items.length, at + Math.max(1, Math.min(concurrency, wanted())));
      while (underWay.length < end) {
        const index = underWay.length;
        const trial = attempt(items[index] as T, index, stop);
        // Its rejection is heard when its turn comes, or is of no interest any more.
        trial.catch(() => undefined);
        underWay.push(trial);
      }
      signal?.throwIfAborted();
      if (!accept(await (underWay[at] as Promise<R>), at)) return;
    }
  } finally {
    surplus.abort();
    await Promise.allSettled(underWay);
  }
}
