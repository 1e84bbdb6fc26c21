import { Predict } from 'dspex';
import { repeated } from '../../harness/repeated';
import type { OpenWorkload } from '../../harness/workload';
import { pooled } from '../pool';
import { JUDGED, numberOf, questionOf } from '../task';
import { SleepingLM } from './instant-lm';

/** Calls of a predictor, `inFlight` of them at once, on a model in process that answers at the next turn of the event loop's timers. */
export const openConcurrent: OpenWorkload = async (params) => {
  const inFlight = numberOf(params, 'inFlight');
  const program = new Predict(JUDGED).with({ lm: new SleepingLM(1) });
  const calls = async (batches: number, from: number) => {
    for (let batch = from; batch < from + batches; batch += 1) {
      await pooled(inFlight, batch * inFlight, inFlight, (number) => program.call({ question: questionOf(number) }));
    }
  };
  const { round } = await repeated(calls);
  return {
    round: async () => {
      const { cpuUs = 0 } = await round();
      return { cpuUs: cpuUs / inFlight };
    },
  };
};
