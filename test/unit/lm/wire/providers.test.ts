import { Anthropic, AzureOpenAI, Gemini, lm, OpenAICompatible, OpenAIResponses } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { LMInvalidRequestError, MissingApiKeyError } from '../../../../src/core/errors/lm-errors';
import { InvalidOptionError, UnknownOptionError } from '../../../../src/core/errors/option-errors';
import type { LMDelta } from '../../../../src/core/primitives/lm-delta';
import type { LMOptions } from '../../../../src/core/primitives/lm-request';
import { nameOfLM } from '../../../../src/core/settings/environment';

const QUESTION = [{ role: 'user', content: 'q' }] as const;

afterEach(() => vi.unstubAllEnvs());

describe('lm(name)', () => {
  test.each([
    ['anthropic/claude-opus-4-8', 'claude-opus-4-8', 'https://api.anthropic.com/v1'],
    ['gemini/gemini-2.5-pro', 'gemini-2.5-pro', 'https://generativelanguage.googleapis.com/v1beta'],
    ['openai-responses/gpt-5', 'gpt-5', 'https://api.openai.com/v1/responses'],
    ['xai/grok-4', 'grok-4', 'https://api.x.ai/v1'],
    ['cerebras/gpt-oss-120b', 'gpt-oss-120b', 'https://api.cerebras.ai/v1'],
  ])('%s is the model %s at %s, and can be made again from its name', (name, model, endpoint) => {
    const made = lm(name);
    expect(made).toMatchObject({ model, endpoint });
    expect(nameOfLM(made)).toBe(name);
  });

  test('speaks the other protocol of OpenAI when asked to, under a name of its own', () => {
    expect(nameOfLM(lm('openai/gpt-5', { api: 'responses' }))).toBe('openai-responses/gpt-5');
    expect(nameOfLM(lm('openai/gpt-5', { api: 'chat' }))).toBe('openai/gpt-5');
    expect(() => lm('openai/gpt-5', { api: 'telepathy' } as never)).toThrow(InvalidOptionError);
    expect(() => lm('groq/x', { api: 'responses' } as never)).toThrow("names that begin with 'openai/'");
  });

  test('takes the options of the provider, and no others', () => {
    expect(() => lm('anthropic/claude-x', { betas: ['a'] })).not.toThrow();
    expect(() => lm('anthropic/claude-x', { organization: 'o' } as never)).toThrow(UnknownOptionError);
    expect(() => lm('gemini/gemini-x', { maxTokensField: 'max_tokens' } as never)).toThrow(UnknownOptionError);
    expect(() => new Anthropic({ model: 'm', betas: 'a' as never })).toThrow(InvalidOptionError);
  });

  test('knows what a model of a provider can do, and nothing of a server that only borrows the name', () => {
    const can = (name: string, options = {}) => lm(name, options).capabilities;
    expect(can('anthropic/claude-opus-4-8')).toMatchObject({
      jsonMode: false,
      jsonSchema: true,
      functionCalling: true,
      reasoning: true,
      images: true,
      audio: false,
      temperature: false,
      citations: true,
      maxOutputTokens: 128_000,
    });
    expect(can('gemini/gemini-2.5-pro')).toMatchObject({ jsonSchema: true, audio: true, maxOutputTokens: 65_536 });
    expect(can('openai/gpt-5-mini')).toMatchObject({ reasoning: true, temperature: false, maxOutputTokens: 128_000 });
    expect(can('openai/gpt-4o-audio-preview')).toMatchObject({ audio: true, images: false });
    expect(can('azure/gpt-4o', { baseUrl: 'https://a.openai.azure.com' })).toMatchObject({ jsonSchema: true });
    expect(can('openai/gpt-4o', { baseUrl: 'http://127.0.0.1:1/v1' })).toEqual({
      jsonMode: false,
      jsonSchema: false,
      functionCalling: false,
      reasoning: false,
    });
    expect(can('ollama/qwen3', { baseUrl: 'http://10.0.0.7:11434/v1' })).toMatchObject({ jsonSchema: true });
  });

  test('asks for the key of the provider, and sends none of it elsewhere', async () => {
    await using server = await startFaultServer((exchange) => exchange.reply(500, {}));
    for (const name of ['anthropic/m', 'gemini/m', 'openai-responses/m', 'xai/m'] as const) {
      await using real = lm(name);
      const variable = { anthropic: 'ANTHROPIC', gemini: 'GEMINI', xai: 'XAI' }[name.split('/')[0] ?? ''] ?? 'OPENAI';
      vi.stubEnv(`${variable}_API_KEY`, '');
      const missing = real.generate(real.createRequest(QUESTION));
      await expect(missing).rejects.toThrow(MissingApiKeyError);
      await expect(missing).rejects.toThrow(`${variable}_API_KEY`);
      vi.stubEnv(`${variable}_API_KEY`, 'canary-of-the-provider');
      await using own = lm(name, { baseUrl: server.url, resilience: false });
      await own.generate(own.createRequest(QUESTION)).catch(() => undefined);
    }
    expect(server.requests).toHaveLength(4);
    expect(JSON.stringify(server.requests)).not.toContain('canary');
  });
});

describe('AzureOpenAI', () => {
  test('finds a deployment by path and date, with the key in a header of its own', async () => {
    await using server = await startFaultServer((exchange) =>
      exchange.reply(200, { choices: [{ message: { content: 'yes' } }] }),
    );
    const root = server.url.replace(/\/v1$/u, '');
    await using dated = new AzureOpenAI({ model: 'my-gpt', baseUrl: root, apiKey: 'k1', apiVersion: '2024-10-21' });
    await using undated = new AzureOpenAI({ model: 'my-gpt', baseUrl: `${root}/openai/v1/`, apiKey: 'k2' });
    for (const client of [dated, undated]) await client.generate(client.createRequest(QUESTION));
    expect(server.requests.map(({ path }) => path)).toEqual([
      '/openai/deployments/my-gpt/chat/completions?api-version=2024-10-21',
      '/openai/v1/chat/completions',
    ]);
    expect(server.requests.map(({ headers }) => headers['api-key'])).toEqual(['k1', 'k2']);
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('takes its address from the environment, and says so when there is none', () => {
    vi.stubEnv('AZURE_OPENAI_ENDPOINT', '');
    expect(() => lm('azure/d')).toThrow('AZURE_OPENAI_ENDPOINT');
    vi.stubEnv('AZURE_OPENAI_ENDPOINT', 'https://a.openai.azure.com/');
    expect(lm('azure/d').endpoint).toBe('https://a.openai.azure.com/openai/v1');
    expect(nameOfLM(lm('azure/d'))).toBe('azure/d');
    expect(nameOfLM(lm('azure/d', { apiVersion: '2024-10-21' }))).toBeUndefined();
  });
});

describe('quirks of servers', () => {
  const bodyFor = async (name: string, options: LMOptions, more: object = {}) => {
    await using server = await startFaultServer((exchange) =>
      exchange.reply(200, { choices: [{ message: { content: 'yes' } }] }),
    );
    await using model = lm(name, { baseUrl: server.url, ...more } as object);
    await model.generate(model.createRequest(QUESTION, options), { onDelta: () => undefined });
    return JSON.parse(server.requests[0]?.body ?? '{}') as Record<string, unknown>;
  };

  test('Mistral has a word of its own for the seed, and is not asked for the usage of a stream', async () => {
    const body = await bodyFor('mistral/m', { seed: 7, maxTokens: 5 });
    expect(body).toMatchObject({ random_seed: 7, max_tokens: 5, stream: true });
    expect(body).not.toHaveProperty('seed');
    expect(body).not.toHaveProperty('stream_options');
    expect(await bodyFor('together/m', { seed: 7 })).toMatchObject({
      seed: 7,
      stream_options: { include_usage: true },
    });
  });

  test.each<[string, LMOptions, string]>([
    ['groq/m', { n: 2 }, "groq does not take the option 'n'"],
    ['deepseek/m', { seed: 1 }, "deepseek does not take the option 'seed'"],
    ['ollama/m', { toolChoice: 'required' }, "'toolChoice'"],
    ['ollama/m', { parallelToolCalls: false }, "'parallelToolCalls'"],
  ])('%s refuses %j before sending, until it is told otherwise', async (name, options, reason) => {
    await expect(bodyFor(name, options)).rejects.toThrow(reason);
    await expect(bodyFor(name, options)).rejects.toThrow(LMInvalidRequestError);
    await expect(bodyFor(name, options, { unsupported: [] })).resolves.toBeDefined();
    await expect(bodyFor(name, { n: 1, toolChoice: 'auto', parallelToolCalls: true })).resolves.toBeDefined();
  });
});

describe('a request that a model cannot take', () => {
  const image = { type: 'image_url', image_url: { url: 'data:image/png;base64,AA' } };
  const audio = { type: 'input_audio', input_audio: { data: 'AA', format: 'wav' } };
  const tools = [{ name: 'f', description: null, parameters: {} }];
  const schema = { type: 'json_schema', name: 'A', schema: {} } as const;

  test.each<[string, object[] | undefined, LMOptions, string]>([
    ['openai/gpt-3.5-turbo', [image], {}, 'reads no images'],
    ['openai/gpt-4o', [audio], {}, 'reads no audio'],
    ['openai/o1-mini', undefined, { tools }, 'calls no tools'],
    ['openai/gpt-4', undefined, { responseFormat: { type: 'json_object' } }, 'has no JSON mode'],
    ['deepseek/deepseek-chat', undefined, { responseFormat: schema }, 'Ask for json_object'],
    ['openai/gpt-4o', undefined, { reasoningEffort: 'low' }, 'takes no reasoningEffort'],
    ['openai/gpt-5', undefined, { logprobs: true }, 'offers no logprobs'],
    ['openai/gpt-5', undefined, { temperature: 0 }, 'at a temperature of its own, not at 0'],
    ['openai/gpt-4o', undefined, { maxTokens: 16_385 }, 'at most 16384 tokens'],
    ['anthropic/claude-opus-4-8', undefined, { temperature: 0 }, 'at a temperature of its own'],
  ])('%s: it is refused with reason and remedy, and nothing is sent', async (name, content, options, reason) => {
    await using model = lm(name, { apiKey: 'k', resilience: false } as object);
    const messages = content === undefined ? QUESTION : [{ role: 'user', content }];
    const call = model.generate(model.createRequest(messages as typeof QUESTION, options));
    await expect(call).rejects.toThrow(LMInvalidRequestError);
    await expect(call).rejects.toThrow(reason);
    await expect(call).rejects.toMatchObject({ attempts: 0, provider: name.split('/')[0] });
    expect(model.stats().requests).toBe(0);
  });

  test('is sent when the client says that the model can, or when nothing is known', async () => {
    await using server = await startFaultServer((exchange) =>
      exchange.reply(200, { choices: [{ message: { content: 'yes' } }] }),
    );
    const told = new OpenAICompatible({ model: 'gpt-5', baseUrl: server.url, capabilities: { temperature: true } });
    const unknown = new OpenAICompatible({ model: 'm', baseUrl: server.url });
    const everything = { temperature: 0.3, logprobs: true, tools, reasoningEffort: 'low', maxTokens: 1e6 };
    for (const client of [told, unknown]) {
      await client.generate(client.createRequest([{ role: 'user', content: [image, audio] }], everything));
      await client.close();
    }
    expect(server.requests.map(({ body }) => JSON.parse(body).temperature)).toEqual([0.3, 0.3]);
  });
});

describe('a streamed answer over the wire', () => {
  const STREAMS = {
    anthropic: [
      { type: 'message_start', message: { id: 'a', usage: { input_tokens: 3 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'yé' } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 's' } },
      { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: { output_tokens: 2 } },
      { type: 'message_stop' },
    ],
    gemini: [
      { candidates: [{ content: { parts: [{ text: 'yé' }] } }] },
      {
        candidates: [{ content: { parts: [{ text: 's' }] }, finishReason: 'STOP' }],
        usageMetadata: { promptTokenCount: 3, candidatesTokenCount: 2 },
      },
    ],
    responses: [
      { type: 'response.output_text.delta', output_index: 0, delta: 'yé', sequence_number: 1 },
      { type: 'response.output_text.delta', output_index: 0, delta: 's', sequence_number: 2 },
      {
        type: 'response.completed',
        sequence_number: 3,
        response: { status: 'completed', output: [], usage: { input_tokens: 3, output_tokens: 2 } },
      },
    ],
  } as const;
  const CLIENTS = { anthropic: Anthropic, gemini: Gemini, responses: OpenAIResponses };

  test.each(['anthropic', 'gemini', 'responses'] as const)(
    'of %s is told in pieces and given whole',
    async (speaks) => {
      await using server = await startFaultServer(async (exchange) => {
        await exchange.stream();
        for (const event of STREAMS[speaks]) await exchange.event(event);
        await exchange.endChunks();
      });
      await using client = new CLIENTS[speaks]({ model: 'm', baseUrl: server.url, query: { team: 'a' } });
      const deltas: LMDelta[] = [];
      const scope = { onDelta: (delta: LMDelta) => void deltas.push(delta) };
      const response = await client.generate(client.createRequest(QUESTION), scope);
      expect(deltas).toEqual([
        { index: 0, text: 'yé' },
        { index: 0, text: 's' },
      ]);
      expect(response.completions[0]).toMatchObject({ text: 'yés', finishReason: 'stop' });
      expect(response.usage).toMatchObject({ inputTokens: 3, outputTokens: 2 });
      const { path, body } = server.requests[0] ?? {};
      const wanted = { anthropic: '/v1/messages?team=a', responses: '/v1/responses?team=a' };
      if (speaks === 'gemini') expect(path).toBe('/v1/models/m:streamGenerateContent?alt=sse&team=a');
      else {
        expect(path).toBe(wanted[speaks]);
        expect(JSON.parse(body ?? '')).toMatchObject({ stream: true });
      }
    },
  );
});
