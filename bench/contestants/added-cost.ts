import type { Figures } from '../harness/workload';

/** Makes so many calls, the first of them with this number. */
export type Calls = (count: number, from: number) => Promise<void>;

const CALLS = 4000;
const TURNS = 4;

async function cpuOf(calls: Calls, from: number): Promise<number> {
  const before = process.cpuUsage();
  await calls(CALLS, from);
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

/**
 * What is added to a call, in microseconds of processor time, garbage collection included: both sides take turns within a round, so
 * that what disturbs the machine disturbs both.
 */
export function addedCost(bare: Calls, stack: Calls): () => Promise<Figures> {
  let from = 0;
  return async () => {
    // The collection before a round throws away compiled code of objects that no longer live: the first turn is for the compiler.
    await bare(CALLS, from);
    await stack(CALLS, from);
    from += CALLS;
    let bareUs = 0;
    let stackUs = 0;
    for (let turn = 0; turn < TURNS; turn += 1) {
      bareUs += await cpuOf(bare, from);
      stackUs += await cpuOf(stack, from);
      from += CALLS;
    }
    return { addedUs: (stackUs - bareUs) / (TURNS * CALLS) };
  };
}
