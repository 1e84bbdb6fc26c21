import type { OpenWorkload, Params } from '../../harness/workload';
import { answerFreshly, inFreshProcess } from '../fresh';
import { heldAtOnce } from '../held';
import { checkAnswers } from '../pool';
import { answerOf, numberOf } from '../task';
import { handWritten } from './asking';

/** `inFlight` questions over HTTP by undici, all at once; each round in a process of its own. */
export const openInFlight: OpenWorkload = (params) => ({ round: () => inFreshProcess(__filename, params) });

async function measure(params: Params) {
  const inFlight = numberOf(params, 'inFlight');
  const { ask, close } = handWritten(params);
  let next = 0;
  const figures = await heldAtOnce(inFlight, async (count) => {
    const from = next;
    next += count;
    checkAnswers(from, await Promise.all(Array.from({ length: count }, (_, index) => ask(from + index))), answerOf);
  });
  await close();
  return figures;
}

if (require.main === module) answerFreshly(measure);
