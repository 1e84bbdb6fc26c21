import { Evaluate, example, Predict } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import type { OpenWorkload, Params } from '../../harness/workload';
import { answerFreshly, inFreshProcess } from '../fresh';
import { heldAtOnce } from '../held';
import { ASKED, answerOf, numberOf, questionOf, textOf } from '../task';

/** `inFlight` rows of an evaluation over HTTP, all at once, with everything on; each round in a process of its own. */
export const openInFlight: OpenWorkload = (params) => ({ round: () => inFreshProcess(__filename, params) });

async function measure(params: Params) {
  const inFlight = numberOf(params, 'inFlight');
  // By default 256, of sockets and of requests: the rest would wait for their turn.
  const client = new OpenAICompatible({ model: 'mock', baseUrl: textOf(params, 'mockUrl'), connections: inFlight });
  const lm = composeLM(client, { resilience: { maxConcurrent: inFlight } });
  const program = new Predict(ASKED).with({ lm });
  let next = 0;
  const figures = await heldAtOnce(inFlight, async (count) => {
    const from = next;
    next += count;
    const devset = Array.from({ length: count }, (_, index) =>
      example({ question: questionOf(from + index), answer: answerOf(from + index) }).withInputs('question'),
    );
    const metric = (gold: { answer: string }, { answer }: { answer: string }) => gold.answer === answer;
    const { score } = await new Evaluate({ devset, metric, concurrency: count }).call(program);
    if (score !== 100) throw new Error(`The score is ${score}, not 100.`);
  });
  await lm.close();
  return figures;
}

if (require.main === module) answerFreshly(measure);
