import type { OpenWorkload } from '../../harness/workload';
import { roundOf } from '../http-round';
import { checkAnswers, pooled } from '../pool';
import { answerOf, numberOf } from '../task';
import { handWritten } from './asking';

/** Questions over HTTP by undici and a pool of promises; `inFlight` at once, `rows` a round. */
export const openEvaluate: OpenWorkload = async (params) => {
  const inFlight = numberOf(params, 'inFlight');
  const { ask: one, close } = handWritten(params);
  const ask = (from: number, count: number) => async () => {
    const answers = await pooled(inFlight, from, count, one);
    checkAnswers(from, answers, answerOf);
    return answers;
  };
  return roundOf({ rows: numberOf(params, 'rows'), ask, close });
};
