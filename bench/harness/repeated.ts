import type { Figures, Workload } from './workload';

/** How long a round of repeated work takes, in milliseconds. */
const ROUND_MS = 200;
const WARM_UP_MS = 300;

/** So many calls of the work; the first has this number, so that no two calls of a run need be equal. */
export type Calls = (count: number, from: number) => void | Promise<void>;

/** A workload that makes so many calls that a round takes about 200 ms: microseconds a call, by the clock and of processor time. */
export async function repeated(calls: Calls, rest: Omit<Workload, 'round'> = {}): Promise<Workload> {
  let from = 0;
  const timed = async (count: number): Promise<Figures> => {
    const before = process.cpuUsage();
    const started = performance.now();
    await calls(count, from);
    const us = (performance.now() - started) * 1000;
    const { user, system } = process.cpuUsage(before);
    from += count;
    return { us: us / count, cpuUs: (user + system) / count };
  };
  let count = 1;
  // The fastest, so that a machine that is busy meanwhile does not make rounds of too few calls, which the first calls after a
  // collection of garbage would weigh on.
  let fastest = Number.POSITIVE_INFINITY;
  const warmUntil = performance.now() + WARM_UP_MS;
  for (;;) {
    const { us = 0 } = await timed(count);
    fastest = Math.min(fastest, us);
    if (performance.now() < warmUntil) {
      if (us * count < (WARM_UP_MS * 1000) / 4) count *= 2;
      continue;
    }
    count = Math.max(1, Math.round((ROUND_MS * 1000) / fastest));
    // The collection before a round throws away compiled code that deals with objects none of which live any more: what is measured is the
    // work, not compiling it again.
    const round = async () => {
      await timed(Math.ceil(count / 4));
      return timed(count);
    };
    return { ...rest, round };
  }
}
