import { monitorEventLoopDelay } from 'node:perf_hooks';
import type { Figures } from '../harness/workload';
import { settledRss } from './fresh';

/**
 * What so many calls cost that are all under way at once: bytes of memory for each, at the most, and how late timers of the process
 * were. `hold` makes the calls and resolves when all are answered; a small first run has opened and compiled what is shared.
 */
export async function heldAtOnce(inFlight: number, hold: (count: number) => Promise<void>): Promise<Figures> {
  await hold(50);
  const before = await settledRss();
  let most = before;
  const sampling = setInterval(() => {
    most = Math.max(most, process.memoryUsage.rss());
  }, 20);
  const delay = monitorEventLoopDelay({ resolution: 10 });
  delay.enable();
  await hold(inFlight);
  delay.disable();
  clearInterval(sampling);
  return { rssBytes: (most - before) / inFlight, loopP99Ms: delay.percentile(99) / 1e6 };
}
