import { type LM, type Message, Predict, stream } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { Agent } from 'undici';
import type { OpenWorkload } from '../../../harness/workload';
import { addedWait, FIRST, type FirstToken, rawFirstToken, STREAMING_MODEL } from '../../raw-stream';
import { ASKED, questionOf, textOf } from '../../task';

const PAIRS = 150;
const program = new Predict(ASKED);
const messagesOf = (number: number): readonly Message[] => program.render({ question: questionOf(number) });

function told(lm: LM): FirstToken {
  return async (number) => {
    const startedAt = performance.now();
    let at = Number.NaN;
    let said = '';
    await lm.generate(lm.createRequest(messagesOf(number)), {
      onDelta: ({ text = '' }) => {
        said += text;
        if (Number.isNaN(at) && said.includes(FIRST)) at = performance.now();
      },
    });
    return at - startedAt;
  };
}

function followed(lm: LM): FirstToken {
  return async (number) => {
    const startedAt = performance.now();
    let at = Number.NaN;
    for await (const event of stream(program, { question: questionOf(number) }, { lm })) {
      if (Number.isNaN(at) && event.type === 'field-delta' && event.text.startsWith(FIRST)) at = performance.now();
    }
    return at - startedAt;
  };
}

/** How much later than in a raw stream the first token is there: `through` the bare client, the whole stack, or `stream` of a Predict. */
export const openFirstToken: OpenWorkload = async (params) => {
  const through = textOf(params, 'through');
  const url = textOf(params, 'mockUrl');
  const bare = new OpenAICompatible({ model: STREAMING_MODEL, baseUrl: url });
  const lm = through === 'client' ? bare : composeLM(bare, { cache: false });
  const ours = through === 'stream' ? followed(lm) : told(lm);
  const agent = new Agent();
  const raw = rawFirstToken(agent, url, messagesOf);
  let from = 0;
  const round = () => {
    from += PAIRS;
    return addedWait(raw, ours, PAIRS, from);
  };
  await round();
  return {
    round,
    close: async () => {
      await Promise.all([agent.close(), lm.close()]);
    },
  };
};
