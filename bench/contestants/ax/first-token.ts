import { AxAIOpenAI, ax } from '@ax-llm/ax';
import { Agent } from 'undici';
import type { OpenWorkload } from '../../harness/workload';
import { addedWait, FIRST, type FirstToken, rawFirstToken } from '../raw-stream';
import { questionOf, textOf } from '../task';

const PAIRS = 150;

/** How much later than in a raw stream the first piece of a field is there, by `streamingForward`. */
export const openFirstToken: OpenWorkload = async (params) => {
  const url = textOf(params, 'mockUrl');
  const ai = new AxAIOpenAI({
    apiKey: 'none',
    apiURL: url,
    // biome-ignore lint/suspicious/noExplicitAny: its type lists the models of OpenAI alone
    config: { model: 'mock-ax-pieces-4' as any, stream: true },
  });
  const program = ax('question:string -> answer:string');
  const ours: FirstToken = async (number) => {
    const startedAt = performance.now();
    let at = Number.NaN;
    let said = '';
    for await (const { delta } of program.streamingForward(ai, { question: questionOf(number) })) {
      said += delta.answer ?? '';
      if (Number.isNaN(at) && said.startsWith(FIRST)) at = performance.now();
    }
    return at - startedAt;
  };
  const agent = new Agent();
  const raw = rawFirstToken(agent, url, (number) => [{ role: 'user', content: questionOf(number) }]);
  let from = 0;
  const round = () => {
    from += PAIRS;
    return addedWait(raw, ours, PAIRS, from);
  };
  await round();
  return { round, close: () => agent.close() };
};
