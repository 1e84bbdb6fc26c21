import { Predict } from 'dspex';
import { repeated } from '../../harness/repeated';
import type { OpenWorkload } from '../../harness/workload';
import { demosOf, JUDGED, numberOf, questionOf } from '../task';
import { InstantLM } from './instant-lm';

/** Calls of a predictor on a model without latency; `demos` demonstrations. */
export const openPredict: OpenWorkload = async (params) => {
  const program = new Predict(JUDGED).with({ lm: new InstantLM() });
  program.demos = demosOf(numberOf(params, 'demos', 0));
  const calls = async (count: number, from: number) => {
    for (let index = from; index < from + count; index += 1) await program.call({ question: questionOf(index) });
  };
  return repeated(calls, {
    outputs: async () => {
      const { answer, confidence } = await program.call({ question: questionOf(7) });
      return { answer, confidence };
    },
  });
};
