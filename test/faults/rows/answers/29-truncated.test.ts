import { type Adapter, BAMLAdapter, ChatAdapter, JSONAdapter, XMLAdapter } from 'dspex/adapters';
import { OpenAICompatible } from 'dspex/clients';
import { Predict } from 'dspex/program';
import { startMockServer } from 'dspex/testing';
import { expect } from 'vitest';
import { AdapterParseError } from '../../../../src/core/errors/adapter-errors';
import { faultRow } from '../../matrix/fault-row';

interface Layout {
  readonly adapter: Adapter;
  /** The last text field is cut, the others are there. */
  readonly readable: string;
  /** A field is missing. */
  readonly unreadable: string;
}

const LAYOUTS: readonly Layout[] = [
  {
    adapter: new ChatAdapter({ useJSONAdapterFallback: false }),
    readable: '[[ ## score ## ]]\n3\n\n[[ ## answer ## ]]\nBecause of Ray',
    unreadable: '[[ ## score ## ]]\n3\n',
  },
  {
    adapter: new JSONAdapter(),
    readable: '{"score": 3, "answer": "Because of Ray',
    unreadable: '{"score": 3, "ans',
  },
  {
    adapter: new BAMLAdapter(),
    readable: '{"score": 3, "answer": "Because of Ray',
    unreadable: '{"score": 3, "ans',
  },
  {
    adapter: new XMLAdapter({ useJSONAdapterFallback: false }),
    readable: '<score>\n3\n</score>\n<answer>\nBecause of Ray\n</answer>',
    unreadable: '<score>\n3\n</score>\n<answer>\nBecause of Ray',
  },
];

for (const { adapter, readable, unreadable } of LAYOUTS) {
  faultRow(29, `finish_reason length, ${adapter.name}`, async ({ use }) => {
    let content = readable;
    const server = use(
      await startMockServer({
        respond: () => ({ body: { choices: [{ message: { content }, finish_reason: 'length' }] } }),
      }),
    );
    const lm = use(new OpenAICompatible({ model: 'm', baseUrl: server.url, apiKey: 'sk-canary-29' }));
    const predict = new Predict('question -> score: int, answer');

    const prediction = await predict.call({ question: 'q' }, { lm, adapter });
    expect({ ...prediction }).toEqual({ score: 3, answer: 'Because of Ray' });
    expect(prediction.truncated).toBe(true);

    content = unreadable;
    const before = lm.stats().requests;
    const error = await predict.call({ question: 'q' }, { lm, adapter }).catch((e: unknown) => e);
    const sent = lm.stats().requests - before;
    expect(error).toBeInstanceOf(AdapterParseError);
    const { details, message } = error as AdapterParseError;
    expect(details).toMatchObject({ truncated: true, missing: ['answer'] });
    expect(message).toContain('truncated');
    expect(message).toContain('raise maxTokens');
    expect(message).not.toContain('sk-canary-29');
    expect(sent).toBe(1);
    return { happened: 'flagged truncated; without answer ADAPTER_PARSE names it and maxTokens', attempts: sent };
  });
}

faultRow(29, 'an answer that ended by itself is not flagged', async ({ use }) => {
  const server = use(await startMockServer({ respond: () => '[[ ## answer ## ]]\nyes' }));
  const lm = use(new OpenAICompatible({ model: 'm', baseUrl: server.url }));
  const prediction = await new Predict('question -> answer').call({ question: 'q' }, { lm });
  expect(prediction.truncated).toBe(false);
  return { happened: 'not flagged', attempts: 1 };
});
