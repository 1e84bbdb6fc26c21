import { Agent } from 'undici';
import type { Params } from '../../harness/workload';
import { numberOf, questionOf, textOf } from '../task';
import { answerIn, messagesOf } from './prompt';

/** Questions over HTTP, by number, the way a person writes it: undici, `JSON.parse`, a template and a regular expression. */
export function handWritten(params: Params) {
  const agent = new Agent({ connections: numberOf(params, 'inFlight') });
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
  return { ask, close: () => agent.close() };
}
