import { clearHistory, context, inspectHistory, Module, Predict } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { beforeEach, expect, test } from 'vitest';
import { NO_USAGE } from '../../../src/core/primitives/usage';
import { showHistory } from '../../../src/program/predict/inspect-history';

beforeEach(clearHistory);

const lm = () => new DummyLM((_, index) => ({ answer: `A${index}` }));
const ask = async (predict: Predict<'question -> answer'>, count: number) => {
  for (let call = 0; call < count; call += 1) await predict.call({ question: `Q${call}` });
};

test('the last prompts and answers are shown under the headings of their roles', async () => {
  await context({ lm: lm() }, () => ask(new Predict('question -> answer'), 2));
  const printed: string[] = [];
  const text = inspectHistory(1, { print: (shown) => printed.push(shown), colour: false });
  expect(printed).toEqual([text]);
  expect(text).toMatch(/System message:[\s\S]*User message:[\s\S]*Q1[\s\S]*Response:[\s\S]*A1/);
  expect(text).not.toContain('Q0');
});

test('colours are only used where they are wanted', async () => {
  await context({ lm: lm() }, () => ask(new Predict('question -> answer'), 1));
  expect(inspectHistory(1, { print: false, colour: true })).toContain('\u001b[');
  expect(inspectHistory(1, { print: false, colour: false })).not.toContain('\u001b[');
});

test('a module shows its own calls and those of its parts', async () => {
  class Pair extends Module {
    step = new Predict('question -> answer');
    override async forward({ question }: { question: string }) {
      return this.step.call({ question });
    }
  }
  const pair = new Pair();
  const other = new Predict('question -> answer');
  await context({ lm: lm() }, async () => {
    await pair.call({ question: 'inside' });
    await ask(other, 1);
  });
  const quiet = { print: false, colour: false } as const;
  expect(pair.inspectHistory(9, quiet)).toContain('inside');
  expect(pair.inspectHistory(9, quiet)).not.toContain('Q0');
  expect(pair.step.inspectHistory(9, quiet)).toContain('inside');
  expect(other.inspectHistory(9, quiet)).not.toContain('inside');
});

test('the history is bounded, and can be switched off', async () => {
  const predict = new Predict('question -> answer');
  const entries = () => inspectHistory(1000, { print: false, colour: false }).split('Response:').length - 1;
  await context({ lm: lm(), historyLimit: 4 }, () => ask(predict, 50));
  expect(entries()).toBeGreaterThanOrEqual(4);
  expect(entries()).toBeLessThanOrEqual(5);
  clearHistory();
  await context({ lm: lm(), historyLimit: 0 }, () => ask(predict, 3));
  expect(entries()).toBe(0);
});

test('images, sounds, files and calls of tools are shown by short notes, further completions by their number', async () => {
  const pictured = [
    { type: 'text', text: 'See: ' },
    { type: 'image_url', image_url: { url: 'data:image/png;base64,QUJD' } },
    { type: 'image_url', image_url: { url: 'https://example.com/a.png' } },
    { type: 'input_audio', input_audio: { data: 'QUJD', format: 'wav' } },
    { type: 'file', file: { filename: 'a.pdf', file_data: 'QUJDRA==' } },
  ];
  const toolCalls = [{ id: '1', name: 'search', arguments: '{"q":"é","k":1}' }];
  const request = {
    ...lm().createRequest([
      { role: 'system', content: '  Do it. \n' },
      { role: 'user', content: pictured },
      { role: 'assistant', content: null, toolCalls },
      { role: 'tool', content: 'found', toolCallId: '1' },
    ]),
  };
  const answer = (text: string) => ({ text, finishReason: 'stop' as const });
  const usage = { ...NO_USAGE, calls: 1 };
  const response = { model: 'm', usage, cached: false, attempts: 1 };
  const at = new Date(0);
  const entries = [
    { at, request, response: { ...response, completions: [' first \n', 'second', 'third'].map(answer) } },
    {
      at,
      request: lm().createRequest([{ role: 'user', content: 'x' }]),
      response: {
        ...response,
        completions: [{ ...answer(''), toolCalls: [{ name: 'ping', arguments: 'not json' }] }],
      },
    },
  ];
  expect(showHistory(entries, { print: false, colour: false })).toBe(
    '\n\n\n\n[1970-01-01T00:00:00.000Z]\n\n' +
      'System message:\n\nDo it.\n\n\n' +
      'User message:\n\nSee:\n<data:image/png;base64,<IMAGE BASE 64 ENCODED(4)>\n\n<image_url: https://example.com/a.png>\n\n' +
      "<audio format='wav' base64-encoded, length=4>\n\n<file: name:a.pdf, id:, data_length:8>\n\n\n\n" +
      'Assistant message:\n\nTool calls:\n\nsearch: {"q": "é", "k": 1}\n\n\n\n' +
      'Tool message:\n\nfound\n\n\n' +
      'Response:\n\nfirst\n\n \t (and 2 other completions)\n' +
      '\n\n\n\n[1970-01-01T00:00:00.000Z]\n\n' +
      'User message:\n\nx\n\n\nTool calls:\n\nping: not json\n\n' +
      '\n\n\n\n',
  );
});
