import { describe, expect, test } from 'vitest';
import { RequestTooLargeError } from '../../../../src/core/errors/clients/request-errors';
import {
  ContextWindowExceededError,
  LMAuthError,
  LMContentFilterError,
  LMEmptyAnswerError,
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMQuotaError,
  LMRateLimitError,
  LMRefusalError,
  LMServerError,
} from '../../../../src/core/errors/lm-errors';
import type { LMOptions } from '../../../../src/core/primitives/lm-request';
import type { Message } from '../../../../src/core/primitives/message';
import { messagesFormat } from '../../../../src/lm/clients/anthropic/messages-format';
import { CANARY, exchange, QUESTION, request, sent, streamed } from './exchange';

const FORMAT = messagesFormat();
const CLAUDE = 'claude-sonnet-4-5';
const body = (options: LMOptions, model = CLAUDE) => sent(FORMAT, request(model, options));
const PIXEL = 'data:image/png;base64,AAAA';

describe('a request', () => {
  test('has its protocol in the headers and the key in its own', () => {
    expect(FORMAT.path(request(CLAUDE), true)).toBe('/messages');
    expect(FORMAT.headers('k')).toEqual({ 'anthropic-version': '2023-06-01', 'x-api-key': 'k' });
    expect(FORMAT.headers(undefined)).not.toHaveProperty('x-api-key');
  });

  test('says every option in the words of the protocol', () => {
    expect(
      body({
        temperature: 0.5,
        maxTokens: 9,
        topP: 0.5,
        stop: ['END'],
        n: 1,
        tools: [{ name: 'find', description: null, parameters: { type: 'object' } }],
        toolChoice: 'required',
        parallelToolCalls: false,
        responseFormat: { type: 'json_schema', name: 'A', schema: { type: 'object' } },
        extra: { metadata: { user_id: 'u' }, output_config: { effort: 'low' } },
      }),
    ).toEqual({
      model: CLAUDE,
      max_tokens: 9,
      messages: [{ role: 'user', content: [{ type: 'text', text: 'q' }] }],
      temperature: 0.5,
      top_p: 0.5,
      stop_sequences: ['END'],
      tools: [{ name: 'find', input_schema: { type: 'object' } }],
      tool_choice: { type: 'any', disable_parallel_tool_use: true },
      output_config: { effort: 'low', format: { type: 'json_schema', schema: { type: 'object' } } },
      metadata: { user_id: 'u' },
    });
    expect(sent(FORMAT, request(CLAUDE), true)['stream']).toBe(true);
    expect(body({ toolChoice: 'none' })['tool_choice']).toEqual({ type: 'none' });
    expect(body({ toolChoice: { name: 'find' } })['tool_choice']).toEqual({ type: 'tool', name: 'find' });
    expect(body({ toolChoice: 'auto' })['tool_choice']).toEqual({ type: 'auto' });
  });

  test.each([
    ['claude-3-haiku-20240307', 4_096],
    ['claude-3-5-sonnet-20241022', 8_192],
    ['claude-opus-4-20250514', 32_000],
    ['claude-sonnet-4-0', 64_000],
    ['claude-opus-4-8', 128_000],
    ['claude-next-9', 32_000],
    ['somebody-elses', 4_096],
  ])('of %s allows %i tokens when nothing is said, because the protocol wants a number', (model, tokens) => {
    expect(body({}, model)['max_tokens']).toBe(tokens);
  });

  test('puts system texts apart, answers of tools into turns of the user, and neighbours of one role together', () => {
    const messages = [
      { role: 'system', content: 'one' },
      { role: 'system', content: [{ type: 'text', text: 'two' }] },
      { role: 'user', content: 'a' },
      { role: 'user', content: 'b' },
      { role: 'assistant', content: null, toolCalls: [{ id: 't1', name: 'find', arguments: '{"x":1}' }] },
      { role: 'tool', content: 'found', toolCallId: 't1', name: 'find' },
      { role: 'user', content: 'c' },
      { role: 'assistant', content: 'd', toolCalls: [{ id: 't2', name: 'find', arguments: '{broken' }] },
    ] as const;
    const { system, messages: turns } = sent(FORMAT, request(CLAUDE, {}, messages));
    expect(system).toBe('one\n\ntwo');
    const text = (said: string) => ({ type: 'text', text: said });
    expect(turns).toEqual([
      { role: 'user', content: [text('a'), text('b')] },
      { role: 'assistant', content: [{ type: 'tool_use', id: 't1', name: 'find', input: { x: 1 } }] },
      { role: 'user', content: [{ type: 'tool_result', tool_use_id: 't1', content: [text('found')] }, text('c')] },
      {
        role: 'assistant',
        content: [text('d'), { type: 'tool_use', id: 't2', name: 'find', input: { invalid_json: '{broken' } }],
      },
    ]);
  });

  test('carries images, files and documents as blocks', () => {
    const file = (mime: string) => ({ type: 'file', file: { file_data: `data:${mime};base64,QQ==`, filename: 'f' } });
    const document = { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'x' } };
    const content = [
      { type: 'image_url', image_url: { url: PIXEL } },
      { type: 'image_url', image_url: { url: 'https://a.example/i.png' } },
      file('application/pdf'),
      file('text/plain'),
      { type: 'file', file: { file_id: 'file_1' } },
      document,
    ];
    const { messages } = sent(FORMAT, request(CLAUDE, {}, [{ role: 'user', content }]));
    expect((messages as { content: unknown[] }[])[0]?.content).toEqual([
      { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'AAAA' } },
      { type: 'image', source: { type: 'url', url: 'https://a.example/i.png' } },
      { type: 'document', source: { type: 'base64', media_type: 'application/pdf', data: 'QQ==' }, title: 'f' },
      { type: 'document', source: { type: 'text', media_type: 'text/plain', data: 'A' }, title: 'f' },
      { type: 'document', source: { type: 'file', file_id: 'file_1' } },
      document,
    ]);
  });

  test('asks for thoughts as the model wants to be asked', () => {
    const asked = (model: string, effort: string, maxTokens = 10_000) => {
      const { thinking, output_config } = body({ reasoningEffort: effort, maxTokens }, model);
      return { thinking, output_config };
    };
    expect(asked(CLAUDE, 'low')).toEqual({ thinking: { type: 'enabled', budget_tokens: 1_024 } });
    expect(asked(CLAUDE, 'high')).toEqual({ thinking: { type: 'enabled', budget_tokens: 5_000 } });
    expect(asked('claude-opus-4-8', 'high')).toEqual({
      thinking: { type: 'adaptive', display: 'summarized' },
      output_config: { effort: 'high' },
    });
    expect(asked(CLAUDE, 'none')).toEqual({});
    expect(body({ reasoningEffort: null })).not.toHaveProperty('thinking');
  });

  test.each<[string, LMOptions, string]>([
    ['several completions', { n: 2 }, 'rolloutId'],
    ['a seed', { seed: 1 }, "'seed'"],
    ['logprobs', { logprobs: true }, "'logprobs'"],
    ['a temperature above 1', { temperature: 1.5 }, 'from 0 to 1'],
    ['JSON without a schema', { responseFormat: { type: 'json_object' } }, 'json_schema'],
    ['an effort it does not know', { reasoningEffort: 'extreme' }, 'minimal, low, medium, high'],
    ['thoughts longer than the answer', { reasoningEffort: 'low', maxTokens: 1_000 }, 'must be above 1024'],
    ['thoughts and a forced tool', { reasoningEffort: 'low', toolChoice: 'required' }, 'cannot be forced'],
    ['thoughts and a temperature', { reasoningEffort: 'low', temperature: 0 }, 'temperature 1'],
  ])('is not sent with %s', (_name, options, reason) => {
    const refused = () => body(options);
    expect(refused).toThrow(LMInvalidRequestError);
    expect(refused).toThrow(reason);
    expect(refused).toThrow('No request was sent.');
    expect(catched(refused)).toMatchObject({ attempts: 0, model: CLAUDE, provider: '127.0.0.1' });
  });

  test('is not sent with a temperature to a model that has one of its own, nor for thoughts to one that has none', () => {
    expect(() => body({ temperature: 0 }, 'claude-opus-4-7')).toThrow("'temperature'");
    expect(body({ temperature: 1 }, 'claude-opus-4-7')).not.toHaveProperty('temperature');
    expect(() => body({ reasoningEffort: 'low' }, 'claude-3-5-haiku-20241022')).toThrow('does not think apart');
  });

  test.each([
    ['audio', { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } }, 'no audio'],
    ['an address it cannot fetch', { type: 'image_url', image_url: { url: 'gs://bucket/i.png' } }, 'http and https'],
    ['an unknown part', { type: 'hologram' }, "no content part 'hologram'"],
    ['a type it cannot read', { type: 'image_url', image_url: { url: 'data:video/mp4;base64,AA' } }, 'not video/mp4'],
  ])('is not sent with %s', (_name, part, reason) => {
    expect(() => sent(FORMAT, request(CLAUDE, {}, [{ role: 'user', content: [part] }]))).toThrow(reason);
  });

  test('is not sent for thoughts behind the answer of a tool, where the model wants its earlier thoughts back', () => {
    const turns = [
      ...QUESTION,
      { role: 'assistant', content: null, toolCalls: [{ id: 'a', name: 'f', arguments: '{}' }] },
      { role: 'tool', content: 'r', toolCallId: 'a' },
    ] as const;
    const ask = (model: string, messages: readonly Message[]) =>
      sent(FORMAT, request(model, { reasoningEffort: 'low' }, messages));
    expect(() => ask('claude-sonnet-4-5', turns)).toThrow('wants its thoughts back');
    expect(ask('claude-sonnet-4-5', [...turns, ...QUESTION])).toHaveProperty('thinking');
    expect(ask('claude-opus-4-8', turns)).toHaveProperty('thinking');
  });

  test('is not sent when roles cannot be said', () => {
    const late = [...QUESTION, { role: 'system', content: 's' }] as const;
    expect(() => sent(FORMAT, request(CLAUDE, {}, late))).toThrow('only before all others');
    expect(() => sent(FORMAT, request(CLAUDE, {}, [{ role: 'tool', content: 'x' }]))).toThrow('toolCallId');
    expect(() => sent(FORMAT, request(CLAUDE, {}, []))).toThrow('no message of a user');
  });

  test('is not sent above 32 MB', () => {
    const huge = [{ role: 'user', content: 'é'.repeat(17 * 1024 * 1024) }] as const;
    const error = catched(() => FORMAT.body(request(CLAUDE, {}, huge), false));
    expect(error).toBeInstanceOf(RequestTooLargeError);
    expect(error).toMatchObject({ attempts: 0, model: CLAUDE, provider: '127.0.0.1' });
  });
});

const MESSAGE = {
  type: 'message',
  id: 'msg_1',
  model: 'claude-x',
  stop_reason: 'end_turn',
  usage: { input_tokens: 3, cache_read_input_tokens: 10, cache_creation_input_tokens: 5, output_tokens: 7 },
};
const read = (members: object) => FORMAT.read(JSON.stringify({ ...MESSAGE, ...members }), exchange());

describe('an answer', () => {
  test('has text, thoughts, calls, citations and all tokens', () => {
    const response = read({
      content: [
        { type: 'thinking', thinking: 'hm', signature: 's' },
        { type: 'redacted_thinking', data: 'x' },
        { type: 'text', text: 'yes ' },
        { type: 'text', text: 'no', citations: [{ type: 'char_location', cited_text: 'no' }] },
        { type: 'tool_use', id: 't1', name: 'find', input: { x: 1 } },
      ],
      stop_reason: 'tool_use',
    });
    expect(response).toMatchObject({ id: 'msg_1', model: 'claude-x', attempts: 1, cached: false });
    expect(response.completions).toEqual([
      {
        text: 'yes no',
        finishReason: 'tool_calls',
        reasoning: 'hm',
        toolCalls: [{ id: 't1', name: 'find', arguments: '{"x":1}' }],
        citations: [{ type: 'char_location', cited_text: 'no', supported_text: 'no' }],
      },
    ]);
    expect(response.usage).toMatchObject({ calls: 1, inputTokens: 18, cachedInputTokens: 10, outputTokens: 7 });
    expect(Object.isFrozen(response.completions[0])).toBe(true);
  });

  test.each([
    ['end_turn', 'stop'],
    ['stop_sequence', 'stop'],
    ['max_tokens', 'length'],
    ['model_context_window_exceeded', 'length'],
    ['pause_turn', 'unknown'],
  ])('that stopped for %s has the reason %s', (stop_reason, reason) => {
    expect(read({ content: [{ type: 'text', text: 'x' }], stop_reason }).completions[0]?.finishReason).toBe(reason);
  });

  test.each([
    ['a refusal', { content: [{ type: 'text', text: 'half' }], stop_reason: 'refusal' }, LMRefusalError],
    ['nothing', { content: [] }, LMEmptyAnswerError],
    ['no content', { content: null }, LMInvalidResponseError],
    ['an error', { type: 'error', error: { type: 'overloaded_error', message: 'busy' } }, LMServerError],
  ])('with %s is an error of its own class', (_name, members, expected) => {
    expect(() => read(members)).toThrow(expected);
  });

  test('that is no JSON shows its beginning without secrets', () => {
    const error = catched(() => FORMAT.read(`<html>${CANARY}`, exchange())) as Error;
    expect(error).toBeInstanceOf(LMInvalidResponseError);
    expect(error.message).toContain('<html>[redacted]');
  });
});

describe('a failure', () => {
  const failure = (status: number, type: string, message: string, more: object = {}) =>
    FORMAT.failure(
      JSON.stringify({ type: 'error', error: { type, message, ...more }, request_id: 'req_1' }),
      exchange(status),
    );

  test.each([
    [400, 'invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum', ContextWindowExceededError],
    [400, 'invalid_request_error', 'Your credit balance is too low to access the Anthropic API.', LMQuotaError],
    [400, 'invalid_request_error', 'Output blocked by content filtering policy', LMContentFilterError],
    [400, 'invalid_request_error', 'max_tokens: 99999 > 8192, which is the maximum allowed', LMInvalidRequestError],
    [401, 'authentication_error', 'invalid x-api-key', LMAuthError],
    [413, 'request_too_large', 'Request exceeds the maximum size', RequestTooLargeError],
    [429, 'rate_limit_error', 'slow down', LMRateLimitError],
    [529, 'overloaded_error', 'Overloaded', LMServerError],
  ])('of status %i and type %s (%s) has its class', (status, type, message, expected) => {
    const error = failure(status, type, message);
    expect((error as Error).constructor).toBe(expected);
    expect(error).toMatchObject({ status, requestId: 'req_1', model: 'm' });
  });

  test('at a spend limit is a matter of money, though its status is that of a rate limit', () => {
    const error = failure(429, 'rate_limit_error', 'limit', {
      details: { error_code: 'enforced_spend_limit_reached' },
    });
    expect(error).toBeInstanceOf(LMQuotaError);
  });
});

const START = {
  type: 'message_start',
  message: { ...MESSAGE, content: [], stop_reason: null, usage: { input_tokens: 9, output_tokens: 1 } },
};
const open = (index: number, content_block: object) => ({ type: 'content_block_start', index, content_block });
const grow = (index: number, delta: object) => ({ type: 'content_block_delta', index, delta });
const END = [
  { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 12 } },
  { type: 'message_stop' },
];

describe('a streamed answer', () => {
  test('tells its pieces, and is at the end what the whole would have been', () => {
    const { deltas, stream, end } = streamed(FORMAT, [
      START,
      { type: 'ping' },
      open(0, { type: 'thinking', thinking: '' }),
      grow(0, { type: 'thinking_delta', thinking: 'hm' }),
      grow(0, { type: 'signature_delta', signature: 's' }),
      open(1, { type: 'text', text: '' }),
      grow(1, { type: 'text_delta', text: 'he' }),
      { type: 'content_block_from_the_future', index: 1 },
      grow(1, { type: 'text_delta', text: 'y' }),
      grow(1, { type: 'citations_delta', citation: { cited_text: 'hey' } }),
      { type: 'content_block_stop', index: 1 },
      open(2, { type: 'tool_use', id: 't1', name: 'find', input: {} }),
      grow(2, { type: 'input_json_delta', partial_json: '{"x"' }),
      grow(2, { type: 'input_json_delta', partial_json: ':1}' }),
      open(3, { type: 'tool_use', id: 't2', name: 'stop', input: {} }),
      ...END,
    ]);
    expect(stream.done).toBe(true);
    expect(deltas).toEqual([
      { index: 0, reasoning: 'hm' },
      { index: 0, text: 'he' },
      { index: 0, text: 'y' },
      { index: 0, toolCall: { index: 0, id: 't1', name: 'find' } },
      { index: 0, toolCall: { index: 0, arguments: '{"x"' } },
      { index: 0, toolCall: { index: 0, arguments: ':1}' } },
      { index: 0, toolCall: { index: 1, id: 't2', name: 'stop' } },
    ]);
    const response = end();
    expect(response.completions).toEqual([
      {
        text: 'hey',
        finishReason: 'tool_calls',
        reasoning: 'hm',
        toolCalls: [
          { id: 't1', name: 'find', arguments: '{"x":1}' },
          { id: 't2', name: 'stop', arguments: '{}' },
        ],
        citations: [{ cited_text: 'hey', supported_text: 'hey' }],
      },
    ]);
    expect(response).toMatchObject({ id: 'msg_1', model: 'claude-x', usage: { inputTokens: 9, outputTokens: 12 } });
  });

  test('keeps its blocks in the order of their indices, and takes none twice', () => {
    const { end } = streamed(FORMAT, [
      START,
      open(1, { type: 'text', text: '' }),
      open(0, { type: 'text', text: '' }),
      open(0, { type: 'text', text: 'again' }),
      grow(1, { type: 'text_delta', text: 'two' }),
      grow(0, { type: 'text_delta', text: 'one ' }),
      grow(7, { type: 'text_delta', text: 'of no block' }),
      ...END,
    ]);
    expect(end().completions[0]?.text).toBe('one two');
  });

  test('that breaks off with an error, a refusal or nonsense is a typed error', () => {
    const error = { type: 'error', error: { type: 'overloaded_error', message: `busy ${CANARY}` } };
    const told = catched(() => streamed(FORMAT, [START, error])) as LMServerError;
    expect(told).toBeInstanceOf(LMServerError);
    expect(told.status).toBe(529);
    expect(told.message).not.toContain(CANARY);
    const refused = streamed(FORMAT, [START, { type: 'message_delta', delta: { stop_reason: 'refusal' } }, END[1]]);
    expect(refused.end).toThrow(LMRefusalError);
    expect(() => streamed(FORMAT, [START, open(-1, { type: 'text', text: '' })])).toThrow(LMInvalidResponseError);
    const blocks = Array.from({ length: 1_025 }, (_, index) => open(index, { type: 'text', text: '' }));
    expect(() => streamed(FORMAT, [START, ...blocks])).toThrow('more than 1024 blocks');
    expect(streamed(FORMAT, ['{broken', '[]', 'null']).deltas).toEqual([]);
  });
});

function catched(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}
