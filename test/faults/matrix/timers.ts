const BOTH = ['setTimeout', 'setInterval'] as const;

/** Timers that somebody set and that are still to come. */
export interface TimerWatch {
  /** Those that keep the process alive. */
  pending(): number;
  stop(): void;
}

/**
 * Watches the timers that are set from now on. vitest sets timers of its own in between, so a count of the whole process can hide one
 * of ours; vitest does not use the global functions, so whoever does is the row or the client.
 */
export function watchTimers(): TimerWatch {
  const timers = new Set<NodeJS.Timeout>();
  const undo = BOTH.map((name) => {
    const original = globalThis[name];
    const watching = Object.assign((...args: Parameters<typeof setTimeout>) => {
      const timer = original(...args);
      timers.add(timer);
      return timer;
    }, original) as typeof setTimeout & typeof setInterval;
    globalThis[name] = watching;
    return () => {
      // A row that left fake timers behind has put its own in place.
      if (globalThis[name] === watching) globalThis[name] = original as typeof watching;
    };
  });
  return {
    pending: () => {
      for (const timer of timers) if (isOver(timer)) timers.delete(timer);
      return [...timers].filter((timer) => timer.hasRef()).length;
    },
    stop: () => {
      for (const restore of undo) restore();
    },
  };
}

/** Node marks a timer that has fired or was cleared; a fake timer has no mark, and its clock is gone with the row. */
function isOver(timer: NodeJS.Timeout): boolean {
  return (timer as { _destroyed?: boolean })._destroyed !== false;
}
