import { Predict } from 'dspex';
import type { Figures, OpenWorkload, Params } from '../../harness/workload';
import { answerFreshly, inFreshProcess } from '../fresh';
import { JUDGED, numberOf } from '../task';
import { InstantLM } from './instant-lm';

/**
 * `calls` of a predictor with prompts of `bytes` bytes and the default history, in a process of its own: megabytes of heap after each
 * quarter of them, and bytes that each call left behind on average.
 */
export const openHeapGrowth: OpenWorkload = (params) => ({ round: () => inFreshProcess(__filename, params) });

async function measure(params: Params): Promise<Figures> {
  const calls = numberOf(params, 'calls', 1000);
  const filler = 'a question of some length '.repeat(1000).slice(0, numberOf(params, 'bytes', 1000));
  const program = new Predict(JUDGED).with({ lm: new InstantLM() });
  let next = 0;
  const call = async (count: number) => {
    const end = next + count;
    for (; next < end; next += 1) await program.call({ question: `${next} ${filler}` });
  };
  // What is compiled and what is shared is there before.
  await call(100);
  const before = heapUsed();
  const figures: Record<string, number> = {};
  for (let quarter = 1; quarter <= 4; quarter += 1) {
    await call(calls / 4);
    figures[`quarter${quarter}Mb`] = heapUsed() / 1e6;
  }
  return { ...figures, bytesPerCall: (heapUsed() - before) / calls };
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

if (require.main === module) answerFreshly(measure);
