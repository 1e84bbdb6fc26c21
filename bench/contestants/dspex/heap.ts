import { configure, Predict } from 'dspex';
import { clearHistory } from 'dspex/program';
import type { Figures, OpenWorkload, Params } from '../../harness/workload';
import { answerFreshly, inFreshProcess } from '../fresh';
import { JUDGED, numberOf } from '../task';
import { InstantLM } from './instant-lm';

/**
 * `calls` of a predictor with prompts of `bytes` bytes and the default history, in a process of its own: megabytes of heap after each
 * quarter of them, and bytes that each call left behind on average. `keepAll: true` keeps as many calls as DSPy does, however large.
 */
export const openHeapGrowth: OpenWorkload = (params) => ({ round: () => inFreshProcess(__filename, params) });

/** Until all is compiled. */
const WARM_UP = 3000;

async function measure(params: Params): Promise<Figures> {
  const calls = numberOf(params, 'calls', 1000);
  const filler = 'a question of some length '.repeat(1000).slice(0, numberOf(params, 'bytes', 1000));
  if (params['keepAll'] === true) configure({ historyLimit: 10_000, historyBytes: Number.POSITIVE_INFINITY });
  let next = 0;
  const call = async (program: Asked, count: number) => {
    const end = next + count;
    for (; next < end; next += 1) await program.call({ question: `${next} ${filler}` });
  };
  await call(predictor(), WARM_UP);
  clearHistory();
  // One with a history of its own that is empty too; as DSPy's side does.
  const program = predictor();
  await call(program, 100);
  const before = heapUsed();
  const figures: Record<string, number> = {};
  for (let quarter = 1; quarter <= 4; quarter += 1) {
    await call(program, calls / 4);
    figures[`quarter${quarter}Mb`] = heapUsed() / 1e6;
  }
  return { ...figures, bytesPerCall: (heapUsed() - before) / calls };
}

type Asked = ReturnType<typeof predictor>;

function predictor() {
  return new Predict(JUDGED).with({ lm: new InstantLM() });
}

function heapUsed(): number {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
}

if (require.main === module) answerFreshly(measure);
