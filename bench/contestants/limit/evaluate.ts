import { Agent } from 'undici';
import type { OpenWorkload } from '../../harness/workload';
import { roundOf } from '../http-round';
import { checkAnswers, pooled } from '../pool';
import { answerOf, numberOf, questionOf, textOf } from '../task';
import { answerIn, messagesOf } from './prompt';

/** Questions over HTTP by undici and a pool of promises; `inFlight` at once, `rows` a round. */
export const openEvaluate: OpenWorkload = async (params) => {
  const inFlight = numberOf(params, 'inFlight');
  const agent = new Agent({ connections: inFlight });
  const { origin, pathname } = new URL(`${textOf(params, 'mockUrl')}/chat/completions`);
  const one = async (number: number): Promise<string> => {
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
  const ask = (from: number, count: number) => async () => {
    const answers = await pooled(inFlight, from, count, one);
    checkAnswers(from, answers, answerOf);
    return answers;
  };
  return roundOf({ rows: numberOf(params, 'rows'), ask, close: () => agent.close() });
};
