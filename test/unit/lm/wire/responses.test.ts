import { describe, expect, test } from 'vitest';
import {
  ContextWindowExceededError,
  LMContentFilterError,
  LMEmptyAnswerError,
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMRateLimitError,
  LMRefusalError,
  LMServerError,
} from '../../../../src/core/errors/lm-errors';
import type { LMOptions } from '../../../../src/core/primitives/lm-request';
import { RESPONSES_FORMAT as FORMAT } from '../../../../src/lm/clients/openai/responses-format';
import { CANARY, exchange, request, sent, streamed } from './exchange';

const body = (options: LMOptions, model = 'gpt-4.1') => sent(FORMAT, request(model, options));

describe('a request', () => {
  test('says every option in the words of the protocol, and asks to store nothing', () => {
    expect(FORMAT.path(request('m'), true)).toBe('/responses');
    expect(FORMAT.headers('k')).toEqual({ authorization: 'Bearer k' });
    expect(
      body({
        temperature: 0.5,
        maxTokens: 9,
        topP: 0.5,
        n: 1,
        logprobs: true,
        responseFormat: { type: 'json_schema', name: 'A', schema: { type: 'object' }, strict: true },
        tools: [{ name: 'find', description: 'Finds.', parameters: { type: 'object' } }],
        toolChoice: { name: 'find' },
        parallelToolCalls: false,
        reasoningEffort: 'low',
        extra: { service_tier: 'flex', text: { verbosity: 'low' } },
      }),
    ).toEqual({
      model: 'gpt-4.1',
      input: [{ role: 'user', content: 'q' }],
      temperature: 0.5,
      max_output_tokens: 9,
      top_p: 0.5,
      include: ['message.output_text.logprobs'],
      text: {
        format: { type: 'json_schema', name: 'A', schema: { type: 'object' }, strict: true },
        verbosity: 'low',
      },
      reasoning: { effort: 'low', summary: 'auto' },
      tools: [{ type: 'function', name: 'find', description: 'Finds.', parameters: { type: 'object' }, strict: false }],
      tool_choice: { type: 'function', name: 'find' },
      parallel_tool_calls: false,
      store: false,
      service_tier: 'flex',
    });
    expect(sent(FORMAT, request('m'), true)).toMatchObject({ stream: true, store: false });
    expect(body({ reasoningEffort: null })).not.toHaveProperty('reasoning');
    expect(body({ temperature: 1 }, 'gpt-5-mini')).not.toHaveProperty('temperature');
    expect(body({ responseFormat: { type: 'json_object' } })['text']).toEqual({ format: { type: 'json_object' } });
  });

  test('is instructions and items: calls and their answers stand beside the messages', () => {
    const messages = [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'hm', toolCalls: [{ id: 't1', name: 'find', arguments: '{"x":1' }] },
      { role: 'tool', content: 'found', toolCallId: 't1', name: 'find' },
      { role: 'system', content: 'now' },
    ] as const;
    const { instructions, input } = sent(FORMAT, request('m', {}, messages));
    expect(instructions).toBe('be brief');
    expect(input).toEqual([
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'hm' },
      { type: 'function_call', call_id: 't1', name: 'find', arguments: '{"x":1' },
      { type: 'function_call_output', call_id: 't1', output: 'found' },
      { role: 'system', content: 'now' },
    ]);
  });

  test('carries images and files', () => {
    const content = [
      { type: 'text', text: 'see' },
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image_url', image_url: { url: 'https://a.example/i.png' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,QQ==', filename: 'f.pdf' } },
      { type: 'file', file: { file_id: 'file_1' } },
    ];
    const { input } = sent(FORMAT, request('m', {}, [{ role: 'user', content }]));
    expect((input as { content: unknown }[])[0]?.content).toEqual([
      { type: 'input_text', text: 'see' },
      { type: 'input_image', image_url: 'data:image/png;base64,AAAA' },
      { type: 'input_image', image_url: 'https://a.example/i.png' },
      { type: 'input_file', filename: 'f.pdf', file_data: 'data:application/pdf;base64,QQ==' },
      { type: 'input_file', file_id: 'file_1' },
    ]);
  });

  test.each<[LMOptions, string]>([
    [{ n: 2 }, 'rolloutId'],
    [{ stop: ['x'] }, "'stop'"],
    [{ seed: 1 }, "'seed'"],
    [{ frequencyPenalty: 0.5 }, "'frequencyPenalty'"],
  ])('is not sent with %j', (options, reason) => {
    expect(() => body(options)).toThrow(LMInvalidRequestError);
    expect(() => body(options)).toThrow(reason);
    expect(() => body({ stop: [], n: 1, frequencyPenalty: 0 })).not.toThrow();
  });

  test('is not sent with parts that it cannot say', () => {
    const part = (given: { type: string }) => () =>
      sent(FORMAT, request('m', {}, [{ role: 'user', content: [given] }]));
    expect(part({ type: 'input_audio', input_audio: { data: 'A', format: 'wav' } } as { type: string })).toThrow(
      'audio',
    );
    expect(part({ type: 'document' })).toThrow("no content part 'document'");
    expect(() => sent(FORMAT, request('m', {}, [{ role: 'tool', content: 'x' }]))).toThrow('toolCallId');
    expect(() => sent(FORMAT, request('m', {}, [{ role: 'system', content: 'x' }]))).toThrow('no message of a user');
  });
});

const message = (...content: object[]) => ({ type: 'message', role: 'assistant', content });
const text = (said: string, more: object = {}) => ({ type: 'output_text', text: said, annotations: [], ...more });
const RESPONSE = {
  id: 'resp_1',
  model: 'gpt-x',
  status: 'completed',
  error: null,
  output: [
    {
      type: 'reasoning',
      summary: [
        { type: 'summary_text', text: 'hm' },
        { type: 'summary_text', text: 'so' },
      ],
    },
    message(text('yes', { logprobs: [{ token: 'yes', logprob: -0.1 }] })),
    { type: 'web_search_call' },
    { type: 'function_call', call_id: 't1', name: 'find', arguments: '{"x":1}' },
  ],
  usage: {
    input_tokens: 10,
    input_tokens_details: { cached_tokens: 4 },
    output_tokens: 8,
    output_tokens_details: { reasoning_tokens: 5 },
  },
};
const READ = {
  id: 'resp_1',
  model: 'gpt-x',
  completions: [
    {
      text: 'yes',
      finishReason: 'tool_calls',
      reasoning: 'hm\n\nso',
      logprobs: [{ token: 'yes', logprob: -0.1 }],
      toolCalls: [{ id: 't1', name: 'find', arguments: '{"x":1}' }],
    },
  ],
  usage: { calls: 1, inputTokens: 10, cachedInputTokens: 4, outputTokens: 8, reasoningTokens: 5 },
};
const read = (members: object) => FORMAT.read(JSON.stringify({ ...RESPONSE, ...members }), exchange());

describe('an answer', () => {
  test('has text, thoughts, calls, logprobs and all tokens', () => {
    expect(read({})).toMatchObject(READ);
  });

  test.each([
    ['max_output_tokens', 'length'],
    ['content_filter', 'content_filter'],
    ['other', 'unknown'],
  ])('that is incomplete for %s has the reason %s', (reason, expected) => {
    const { completions } = read({ status: 'incomplete', incomplete_details: { reason } });
    expect(completions[0]?.finishReason).toBe(expected);
  });

  test.each([
    ['a refusal', { output: [message({ type: 'refusal', refusal: 'no' })] }, LMRefusalError],
    [
      'a filter',
      { output: [], status: 'incomplete', incomplete_details: { reason: 'content_filter' } },
      LMContentFilterError,
    ],
    ['nothing', { output: [] }, LMEmptyAnswerError],
    ['no output', { output: null }, LMInvalidResponseError],
    ['a failure', { status: 'failed', error: { code: 'server_error', message: 'no' } }, LMServerError],
    ['a limit', { status: 'failed', error: { code: 'rate_limit_exceeded', message: 'no' } }, LMRateLimitError],
    ['a full window', { error: { code: 'context_length_exceeded', message: 'no' } }, ContextWindowExceededError],
    ['a flagged prompt', { error: { code: 'invalid_prompt', message: 'no' } }, LMContentFilterError],
  ])('with %s is an error of its own class', (_name, members, expected) => {
    expect(() => read(members)).toThrow(expected);
  });
});

let next = 0;
const event = (type: string, members: object = {}) => ({ type, sequence_number: next++, ...members });
const PIECES = () => [
  event('response.created', { response: { id: 'resp_1', model: 'gpt-x' } }),
  event('response.reasoning_summary_part.added', { summary_index: 0 }),
  event('response.reasoning_summary_text.delta', { delta: 'hm' }),
  event('response.reasoning_summary_part.added', { summary_index: 1 }),
  event('response.reasoning_summary_text.delta', { delta: 'so' }),
  event('response.output_text.delta', { output_index: 1, delta: 'ye' }),
  event('response.something.new', { delta: 'skipped' }),
  event('response.output_text.delta', { output_index: 1, delta: 's' }),
  event('response.output_item.added', {
    output_index: 3,
    item: { type: 'function_call', call_id: 't1', name: 'find' },
  }),
  event('response.function_call_arguments.delta', { output_index: 3, delta: '{"x":1}' }),
];

describe('a streamed answer', () => {
  test('tells its pieces, each once, and is at the end what the last event brings', () => {
    const pieces = PIECES();
    const twice = pieces.flatMap((piece) => [piece, piece]);
    const { deltas, stream, end } = streamed(FORMAT, [...twice, event('response.completed', { response: RESPONSE })]);
    expect(stream.done).toBe(true);
    expect(deltas).toEqual([
      { index: 0, reasoning: 'hm' },
      { index: 0, reasoning: '\n\n' },
      { index: 0, reasoning: 'so' },
      { index: 0, text: 'ye' },
      { index: 0, text: 's' },
      { index: 0, toolCall: { index: 0, id: 't1', name: 'find' } },
      { index: 0, toolCall: { index: 0, arguments: '{"x":1}' } },
    ]);
    expect(end()).toMatchObject(READ);
  });

  test('is put together from its pieces where the last event is empty', () => {
    const last = { ...RESPONSE, output: [] };
    const { end } = streamed(FORMAT, [...PIECES(), event('response.completed', { response: last })]);
    const { logprobs: _, ...completion } = READ.completions[0] ?? {};
    expect(end()).toMatchObject({ ...READ, completions: [completion] });
  });

  test('that was cut, refused or failed says so', () => {
    const cut = { ...RESPONSE, output: [], status: 'incomplete', incomplete_details: { reason: 'max_output_tokens' } };
    const short = streamed(FORMAT, [...PIECES(), event('response.incomplete', { response: cut })]);
    expect(short.end().completions[0]?.finishReason).toBe('length');
    const refused = streamed(FORMAT, [
      event('response.refusal.delta', { delta: 'I cannot' }),
      event('response.completed', { response: { status: 'completed' } }),
    ]);
    expect(refused.end).toThrow(LMRefusalError);
    const failed = event('response.failed', { response: { error: { code: 'server_error', message: CANARY } } });
    expect(() => streamed(FORMAT, [failed])).toThrow(LMServerError);
    expect(() => streamed(FORMAT, [failed])).not.toThrow(CANARY);
    expect(() => streamed(FORMAT, [event('error', { code: 'rate_limit_exceeded', message: 'slow' })])).toThrow(
      LMRateLimitError,
    );
  });
});
