import { Predict } from 'dspex';
import { composeLM } from 'dspex/clients';
import type { OpenWorkload } from '../../harness/workload';
import { JUDGED, numberOf, questionOf } from '../task';
import { SleepingLM } from './instant-lm';

/** `calls` predictions at once on a model in process that takes `latencyMs`; `stack: true` with every layer of `composeLM`. */
export const openGather: OpenWorkload = async (params) => {
  const calls = numberOf(params, 'calls');
  const bare = new SleepingLM(numberOf(params, 'latencyMs'));
  const lm = params['stack'] === true ? composeLM(bare, { resilience: { maxConcurrent: calls } }) : bare;
  const program = new Predict(JUDGED).with({ lm });
  let next = 0;
  const gather = () => {
    const from = next;
    next += calls;
    return Promise.all(
      Array.from({ length: calls }, (_, index) => program.call({ question: questionOf(from + index) })),
    );
  };
  await gather();
  return {
    outputs: async () => (await gather()).slice(0, 3).map(({ answer, confidence }) => ({ answer, confidence })),
    round: async () => {
      const started = performance.now();
      await gather();
      return { ms: performance.now() - started };
    },
    // As over HTTP: a burst of calls is no time to compile anew.
    collectsFirst: false,
  };
};
