import { Agent } from 'undici';
import type { OpenWorkload, Params } from '../../harness/workload';
import { answerFreshly, inFreshProcess } from '../fresh';
import { heldAtOnce } from '../held';
import { checkAnswers } from '../pool';
import { answerOf, numberOf, questionOf, textOf } from '../task';
import { answerIn, messagesOf } from './prompt';

/** `inFlight` questions over HTTP by undici, all at once; each round in a process of its own. */
export const openInFlight: OpenWorkload = (params) => ({ round: () => inFreshProcess(__filename, params) });

async function measure(params: Params) {
  const inFlight = numberOf(params, 'inFlight');
  const agent = new Agent({ connections: inFlight });
  const { origin, pathname } = new URL(`${textOf(params, 'mockUrl')}/chat/completions`);
  const ask = async (number: number): Promise<string> => {
    const { body } = await agent.request({
      origin,
      path: pathname,
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ model: 'mock', messages: messagesOf(questionOf(number)) }),
    });
    const { choices } = JSON.parse(await body.text()) as { choices: { message: { content: string } }[] };
    return answerIn(choices[0]?.message.content ?? '');
  };
  let next = 0;
  const figures = await heldAtOnce(inFlight, async (count) => {
    const from = next;
    next += count;
    checkAnswers(from, await Promise.all(Array.from({ length: count }, (_, index) => ask(from + index))), answerOf);
  });
  await agent.close();
  return figures;
}

if (require.main === module) answerFreshly(measure);
