import { describe, expect, test } from 'vitest';
import { chatFormat } from '../../../../src/lm/clients/openai/chat-format';
import { exchange, streamed } from './exchange';

const FORMAT = chatFormat();
const chunk = (delta: object, finish_reason: string | null = null) => ({
  choices: [{ index: 0, delta, finish_reason }],
});
const call = (id: string | undefined, name: string | undefined, args: string, index?: number) => ({
  tool_calls: [{ index, id, type: 'function', function: { name, arguments: args } }],
});

describe('calls of tools in a streamed chat completion', () => {
  test.each([
    ['without an index', undefined],
    ['all with the index 0', 0],
  ])('stay apart when each comes whole, %s', (_, index) => {
    const { deltas, end } = streamed(FORMAT, [
      chunk(call('a', 'add', '{"x":1}', index)),
      chunk(call('b', 'sum', '{"y":', index)),
      chunk(call(undefined, undefined, '2}', index)),
      chunk({}, 'tool_calls'),
    ]);
    expect(end().completions[0]?.toolCalls).toEqual([
      { id: 'a', name: 'add', arguments: '{"x":1}' },
      { id: 'b', name: 'sum', arguments: '{"y":2}' },
    ]);
    expect(deltas.map(({ toolCall }) => toolCall?.index)).toEqual([0, 1, 1]);
  });

  test('are one call when its id and name are said again', () => {
    const { end } = streamed(FORMAT, [
      chunk(call('a', 'add', '{"x":', 0)),
      chunk(call('a', 'add', '1}', 0)),
      chunk(call('other', undefined, '', 0)),
      chunk({}, 'tool_calls'),
    ]);
    expect(end().completions[0]?.toolCalls).toEqual([{ id: 'a', name: 'add', arguments: '{"x":1}' }]);
  });
});

test.each([
  ['without content', { content: null }, 'LM_EMPTY_ANSWER'],
  ['with thoughts alone', { content: null, reasoning_content: 'hm' }, 'LM_EMPTY_ANSWER'],
  ['with a refusal', { content: '', refusal: 'no' }, 'LM_REFUSAL'],
])('an answer %s is the same error whole and in pieces', (_, message, code) => {
  const whole = () => FORMAT.read(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] }), exchange());
  expect(whole).toThrow(expect.objectContaining({ code }));
  expect(streamed(FORMAT, [chunk(message, 'stop')]).end).toThrow(expect.objectContaining({ code }));
});

test('an empty text is an answer, whole and in pieces, for its reader to make something of', () => {
  const message = { content: '' };
  const whole = FORMAT.read(JSON.stringify({ choices: [{ message, finish_reason: 'stop' }] }), exchange());
  expect(whole.completions).toEqual([{ text: '', finishReason: 'stop' }]);
  expect(streamed(FORMAT, [chunk(message, 'stop')]).end().completions).toEqual(whole.completions);
});
