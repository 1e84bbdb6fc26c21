import { Evaluate, type Example, example, Predict } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import type { OpenWorkload } from '../../harness/workload';
import { roundOf } from '../http-round';
import { ASKED, answerOf, numberOf, questionOf, textOf } from '../task';

/**
 * An evaluation over HTTP with everything on: memory cache (each prompt is new: a miss), single-flight, limiter, breaker, retry,
 * deadline. `inFlight` at once, `rows` a round.
 */
export const openEvaluate: OpenWorkload = async (params) => {
  const inFlight = numberOf(params, 'inFlight');
  const client = new OpenAICompatible({ model: 'mock', baseUrl: textOf(params, 'mockUrl') });
  const lm = composeLM(client, { resilience: { maxConcurrent: inFlight } });
  const program = new Predict(ASKED).with({ lm });
  const ask = (from: number, count: number) => {
    const evaluate = new Evaluate({
      devset: rowsFrom(from, count),
      metric: (gold, predicted: { answer: string }) => gold.answer === predicted.answer,
      concurrency: inFlight,
    });
    return async () => {
      const { results, score } = await evaluate.call(program);
      if (score !== 100) throw new Error(`The score is ${score}, not 100.`);
      return results.map(({ prediction }) => String((prediction as { answer?: unknown } | undefined)?.answer));
    };
  };
  return roundOf({ rows: numberOf(params, 'rows'), ask, close: () => lm.close() });
};

function rowsFrom(from: number, count: number): readonly Example<{ question: string; answer: string }, 'question'>[] {
  return Array.from({ length: count }, (_, index) =>
    example({ question: questionOf(from + index), answer: answerOf(from + index) }).withInputs('question'),
  );
}
