import { AxAIOpenAI, ax } from '@ax-llm/ax';
import type { OpenWorkload } from '../../harness/workload';
import { roundOf } from '../http-round';
import { checkAnswers, pooled } from '../pool';
import { answerOf, numberOf, questionOf, textOf } from '../task';

/**
 * Questions over HTTP by Ax's client of OpenAI; `inFlight` at once, `rows` a round. Ax brings no evaluator that works on several rows
 * at once, so it gets the same pool of promises as the limit: less work than an evaluation.
 */
export const openEvaluate: OpenWorkload = async (params) => {
  const inFlight = numberOf(params, 'inFlight');
  const ai = new AxAIOpenAI({
    apiKey: 'none',
    apiURL: textOf(params, 'mockUrl'),
    // biome-ignore lint/suspicious/noExplicitAny: its type lists the models of OpenAI alone
    config: { model: 'mock-ax' as any, stream: false },
  });
  const program = ax('question:string -> answer:string');
  const one = async (number: number) => {
    const { answer } = await program.forward(ai, { question: questionOf(number) }, { stream: false });
    return answer;
  };
  const ask = (from: number, count: number) => async () => {
    const answers = await pooled(inFlight, from, count, one);
    checkAnswers(from, answers, answerOf);
    return answers;
  };
  return roundOf({ rows: numberOf(params, 'rows'), ask, close: () => Promise.resolve() });
};
