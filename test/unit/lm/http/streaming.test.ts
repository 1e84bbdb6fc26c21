import { OpenAICompatible } from 'dspex/clients';
import { type FaultScript, startFaultServer } from 'dspex/testing';
import { afterEach, describe, expect, test } from 'vitest';
import { type LMError, LMServerError, LMTransportError } from '../../../../src/core/errors/lm-errors';
import type { LMDelta } from '../../../../src/core/primitives/lm-delta';
import type { LMOptions } from '../../../../src/core/primitives/lm-request';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

async function serve(script: FaultScript, options: object = {}) {
  const server = await startFaultServer(script);
  open.push(server);
  const lm = new OpenAICompatible({ model: 'm', baseUrl: server.url, ...options });
  open.push(lm);
  const deltas: LMDelta[] = [];
  const stream = (more: object = {}, generation: LMOptions = {}) =>
    lm.generate(lm.createRequest([{ role: 'user', content: 'q' }], generation), {
      onDelta: (delta) => void deltas.push(delta),
      ...more,
    });
  const failed = (more: object = {}) => stream(more).catch((error) => error) as Promise<LMError>;
  return { server, lm, deltas, stream, failed };
}

const chunk = (delta: object, more: object = {}, index = 0) => ({
  id: 'c1',
  model: 'm-2026',
  choices: [{ index, delta, finish_reason: null, ...more }],
});

describe('a streamed answer', () => {
  test('is told in pieces and comes whole, with its usage', async () => {
    const { server, deltas, stream } = await serve(async (exchange) => {
      await exchange.stream({ 'x-request-id': 'r1' });
      await exchange.event({ choices: [], prompt_filter_results: [] });
      await exchange.event(chunk({ role: 'assistant', content: '' }));
      await exchange.event(chunk({ reasoning_content: 'hm' }));
      await exchange.event(chunk({ content: 'Hel' }));
      await exchange.event(chunk({ content: 'lo' }, { logprobs: { content: [{ token: 'lo', logprob: -0.5 }] } }));
      await exchange.event(chunk({}, { finish_reason: 'stop' }));
      await exchange.event({ choices: [], usage: { prompt_tokens: 7, completion_tokens: 3 } });
      await exchange.event('[DONE]');
      await exchange.endChunks();
    });
    const response = await stream();
    expect(deltas).toEqual([
      { index: 0, reasoning: 'hm' },
      { index: 0, text: 'Hel' },
      { index: 0, text: 'lo' },
    ]);
    expect(response).toMatchObject({ id: 'c1', model: 'm-2026', usage: { calls: 1, inputTokens: 7, outputTokens: 3 } });
    expect(response.completions).toEqual([
      { text: 'Hello', reasoning: 'hm', finishReason: 'stop', logprobs: [{ token: 'lo', logprob: -0.5 }] },
    ]);
    expect(Object.isFrozen(response)).toBe(true);
    const [sent] = server.requests;
    expect(JSON.parse(sent?.body ?? '')).toMatchObject({ stream: true, stream_options: { include_usage: true } });
    expect(sent?.headers['accept']).toContain('text/event-stream');
  });

  test('of tools: by the index of the call, whose arguments come in parts', async () => {
    const call = (index: number, fn: object, id?: string) => chunk({ tool_calls: [{ index, id, function: fn }] });
    const { deltas, stream } = await serve(async (exchange) => {
      await exchange.stream();
      await exchange.event(call(1, { name: 'two', arguments: '{"b"' }, 'b'));
      await exchange.event(call(0, { name: 'one', arguments: '' }, 'a'));
      await exchange.event(call(1, { arguments: ':2}' }));
      await exchange.event(call(0, { arguments: '{}' }));
      await exchange.event(chunk({}, { finish_reason: 'tool_calls' }));
      await exchange.event('[DONE]');
      await exchange.endChunks();
    });
    const { completions } = await stream();
    expect(completions[0]?.toolCalls).toEqual([
      { id: 'a', name: 'one', arguments: '{}' },
      { id: 'b', name: 'two', arguments: '{"b":2}' },
    ]);
    expect(deltas[2]).toEqual({ index: 0, toolCall: { index: 1, arguments: ':2}' } });
  });

  test('of several completions keeps them apart', async () => {
    const { stream } = await serve(async (exchange) => {
      await exchange.stream();
      await exchange.event(chunk({ content: 'b' }, { finish_reason: 'stop' }, 1));
      await exchange.event(chunk({ content: 'a' }, { finish_reason: 'length' }, 0));
      await exchange.event('[DONE]');
      await exchange.endChunks();
    });
    const { completions } = await stream({}, { n: 2 });
    expect(completions).toEqual([
      { text: 'a', finishReason: 'length' },
      { text: 'b', finishReason: 'stop' },
    ]);
  });

  test('may end without a sentinel once every completion has said why', async () => {
    const { stream } = await serve(async (exchange) => {
      await exchange.stream();
      await exchange.event(chunk({ content: 'a' }, { finish_reason: 'stop' }));
      await exchange.endChunks();
    });
    expect((await stream()).completions[0]?.text).toBe('a');
  });

  test('that ends before is no answer, and carries what had come', async () => {
    const { failed } = await serve(async (exchange) => {
      await exchange.stream();
      await exchange.event(chunk({ content: 'half' }));
      await exchange.endChunks();
    });
    const error = await failed();
    expect(error).toBeInstanceOf(LMTransportError);
    expect(error.details.partial?.texts).toEqual(['half']);
    expect(error.details.shouldRetry).toBe(false);
  });

  test('may be asked for and come whole: then it is read as it is', async () => {
    const { deltas, stream } = await serve((exchange) =>
      exchange.reply(200, { choices: [{ message: { content: 'whole' }, finish_reason: 'stop' }] }),
    );
    expect((await stream()).completions[0]?.text).toBe('whole');
    expect(deltas).toEqual([]);
  });

  test('that comes whole is told by lm.stream with its thinking and its calls', async () => {
    const call = { id: 'a', function: { name: 'add', arguments: '{}' } };
    const message = { content: 'hi', reasoning_content: 'hm', tool_calls: [call] };
    const { lm } = await serve((exchange) => exchange.reply(200, { choices: [{ message, finish_reason: 'stop' }] }));
    const told: LMDelta[] = [];
    for await (const delta of lm.stream(lm.createRequest([{ role: 'user', content: 'q' }]))) told.push(delta);
    expect(told).toEqual([
      { index: 0, reasoning: 'hm' },
      { index: 0, text: 'hi' },
      { index: 0, toolCall: { index: 0, id: 'a', name: 'add', arguments: '{}' } },
    ]);
  });

  test('is not asked for where the model cannot stream', async () => {
    const { server, stream } = await serve(
      (exchange) => exchange.reply(200, { choices: [{ message: { content: 'whole' }, finish_reason: 'stop' }] }),
      { capabilities: { streaming: false } },
    );
    await stream();
    expect(JSON.parse(server.requests[0]?.body ?? '')).not.toHaveProperty('stream');
  });

  test('leaves the connection for the next call', async () => {
    let ended = false;
    const { server, stream } = await serve(async (exchange) => {
      await exchange.stream();
      await exchange.event(chunk({ content: 'a' }, { finish_reason: 'stop' }));
      await exchange.event('[DONE]');
      await exchange.pause(20);
      await exchange.endChunks();
      ended = true;
    });
    await stream();
    await expect.poll(() => ended).toBe(true);
    await new Promise((resolve) => setTimeout(resolve, 50));
    await stream();
    expect(server.requests).toHaveLength(2);
    expect(server.connections).toBe(1);
  });

  test('goes on only when its listener is ready', async () => {
    let taken = 0;
    const { stream } = await serve(async (exchange) => {
      await exchange.stream();
      await exchange.chunk(
        ['a', 'b', 'c'].map((content) => `data: ${JSON.stringify(chunk({ content }))}\n\n`).join('') +
          `data: ${JSON.stringify(chunk({}, { finish_reason: 'stop' }))}\n\ndata: [DONE]\n\n`,
      );
      await exchange.endChunks();
    });
    let release = () => {};
    const onDelta = () => {
      taken += 1;
      return new Promise<void>((resolve) => {
        release = resolve;
      });
    };
    const whole = stream({ onDelta });
    for (const count of [1, 2, 3]) {
      await expect.poll(() => taken).toBe(count);
      await new Promise((resolve) => setTimeout(resolve, 5));
      expect(taken).toBe(count);
      release();
    }
    expect((await whole).completions[0]?.text).toBe('abc');
  });

  test('whose listener throws fails with that very error, and the server is left', async () => {
    const { server, stream } = await serve(async (exchange) => {
      await exchange.stream();
      await exchange.event(chunk({ content: 'a' }));
      await exchange.pause(10_000);
    });
    const own = new Error('mine');
    const onDelta = () => {
      throw own;
    };
    await expect(stream({ onDelta })).rejects.toBe(own);
    await expect.poll(() => server.open).toBe(0);
  });

  test('that failed before its first piece may be asked for again', async () => {
    const { failed } = await serve((exchange) => exchange.reply(500, { error: { message: 'no' } }));
    const error = await failed();
    expect(error).toBeInstanceOf(LMServerError);
    expect(error.details.shouldRetry).toBeUndefined();
  });
});
