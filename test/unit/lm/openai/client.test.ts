import { inspect } from 'node:util';
import { OpenAICompatible } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { describe, expect, test, vi } from 'vitest';
import { LMClosedError, type LMError } from '../../../../src/core/errors/lm-errors';
import { InvalidOptionError, UnknownOptionError } from '../../../../src/core/errors/option-errors';
import { QUESTION, setUp } from './set-up';

describe('the client', () => {
  test('counts what is in flight and what was sent', async () => {
    const { client, ask } = await setUp({ delayMs: 20 });
    const both = Promise.all([ask(), ask()]);
    expect(client.stats()).toMatchObject({ inFlight: 2, requests: 2 });
    await both;
    expect(client.stats()).toMatchObject({ inFlight: 0, requests: 2 });
  });

  test('finishes what is in flight when it is closed, and refuses what comes later', async () => {
    const { client, ask } = await setUp({ delayMs: 30, text: 'in time' });
    const last = ask();
    await Promise.all([client.close(), client.close()]);
    expect((await last).completions[0]?.text).toBe('in time');
    await expect(ask()).rejects.toThrow(LMClosedError);
  });

  test.each([
    [{ model: '' }, InvalidOptionError, "the model's name"],
    [{ model: 'm', timeout: 3 }, UnknownOptionError, "no option 'timeout'"],
    [{ model: 'm', deadlineMs: 0 }, InvalidOptionError, 'deadlineMs'],
    [{ model: 'm', baseUrl: 'localhost:8000' }, InvalidOptionError, 'baseUrl'],
    [{ model: 'm', baseUrl: 'nonsense' }, InvalidOptionError, 'a URL such as'],
    [{ model: 'gpt-5', defaults: { temperature: 0 } }, InvalidOptionError, 'temperature'],
    [{ model: 'm', defaults: { temprature: 1 } }, UnknownOptionError, "no option 'temprature'"],
    [{ model: 'm', capabilities: { image: true } }, UnknownOptionError, "no option 'image'"],
    [{ model: 'm', capabilities: 'images' }, InvalidOptionError, 'capabilities'],
    [{ model: 'm', unsupported: ['N'] }, InvalidOptionError, 'unsupported'],
    [{ model: 'm', maxTokensField: 'tokens' }, InvalidOptionError, 'max_completion_tokens'],
    [{ model: 'm', headers: { 'a b': 'x' } }, InvalidOptionError, "headers['a b']"],
    [{ model: 'm', headers: { a: 5 } }, InvalidOptionError, "headers['a']"],
    [{ model: 'm', apiKey: 'one\ntwo' }, InvalidOptionError, 'apiKey'],
  ])('refuses %j', (options, expected, message) => {
    const make = () => new OpenAICompatible(options as never);
    expect(make).toThrow(expected);
    expect(make).toThrow(message);
  });

  test('sends a header of its user in place of its own, whatever the case', async () => {
    const headers = { Authorization: 'Basic abc', 'User-Agent': 'mine' };
    await using server = await startFaultServer((exchange) =>
      exchange.reply(200, { choices: [{ message: { content: exchange.request.headers['authorization'] } }] }),
    );
    const seen: string[] = [];
    await using raw = await startFaultServer(() => undefined, {
      onConnection: (socket) => {
        socket.on('data', (bytes) => seen.push(String(bytes)));
        socket.on('data', () => socket.destroy());
      },
    });
    await using first = new OpenAICompatible({ model: 'm', baseUrl: server.url, apiKey: 'key', headers });
    await using second = new OpenAICompatible({ model: 'm', baseUrl: raw.url, apiKey: 'key', headers });
    expect((await first.generate(first.createRequest(QUESTION))).completions[0]?.text).toBe('Basic abc');
    await second.generate(second.createRequest(QUESTION)).catch(() => undefined);
    expect(seen[0]?.match(/^authorization:/gimu)).toHaveLength(1);
    expect(seen[0]?.match(/^user-agent:/gimu)).toHaveLength(1);
  });

  test('a key from the environment that no header can carry is refused before anything is sent', async () => {
    vi.stubEnv('ODD_KEY', 'canary\u2026key');
    const { server, ask } = await setUp(undefined, { apiKeyEnv: 'ODD_KEY' });
    const error = (await ask().catch((caught: unknown) => caught)) as LMError;
    expect(error).toMatchObject({ code: 'LM_INVALID_REQUEST', attempts: 0 });
    expect(inspect(error, { depth: 9 })).not.toContain('canary');
    expect(server.requests).toHaveLength(0);
  });

  test.each([
    [{ temperature: Number.NaN }, "'temperature' is NaN"],
    [{ maxTokens: -1 }, 'at least 1'],
    [{ n: 1.5 }, "'n' is 1.5"],
    [{ seed: Number.POSITIVE_INFINITY }, "'seed' is Infinity"],
    [{ stop: 'x' as never }, 'a list of texts'],
  ])('sends no request with %j', async (options, message) => {
    const { server, ask } = await setUp();
    await expect(ask(options)).rejects.toMatchObject({ attempts: 0, message: expect.stringContaining(message) });
    expect(server.requests).toHaveLength(0);
  });

  test('sends no half of a surrogate pair, and leaves texts alone that only look like one', async () => {
    const { server, client } = await setUp();
    const content = 'cut \ud83d, low \ude00, whole \ud83d\ude00, text \\ud83d, twice \\\\ud83d \\\ud83d "';
    await client.generate(client.createRequest([{ role: 'user', content }]));
    const sent = server.requests[0]?.body.messages?.[0]?.content;
    expect(sent).toBe(Buffer.from(content).toString());
    expect(sent).toContain('cut \ufffd, low \ufffd, whole \ud83d\ude00, text \\ud83d,');
  });

  test('leaves empty lists and a description that is null out of a request', async () => {
    const { server, ask } = await setUp();
    await ask({ stop: [], tools: [] });
    await ask({ tools: [{ name: 'f', description: null, parameters: {} }] });
    const [first, second] = server.requests.map(({ body }) => body as Record<string, unknown>);
    expect(first).not.toHaveProperty('tools');
    expect(first).not.toHaveProperty('stop');
    expect(second?.['tools']).toEqual([{ type: 'function', function: { name: 'f', parameters: {} } }]);
  });

  test('refuses credentials in the URL without repeating them', () => {
    for (const baseUrl of [
      'https://me:canary@host/v1',
      'https://host/v1?key=canary',
      'ht!tp://me:canary@host?canary',
    ]) {
      let message = '';
      try {
        new OpenAICompatible({ model: 'm', baseUrl });
      } catch (error) {
        message = String(error);
      }
      expect(message).toContain('baseUrl');
      expect(message).not.toContain('canary');
    }
  });

  test('knows what OpenAI can do, and nothing of a server it does not know', () => {
    const can = (model: string, baseUrl?: string) =>
      new OpenAICompatible({ model, ...(baseUrl === undefined ? {} : { baseUrl }) }).capabilities;
    expect(can('gpt-5-mini')).toMatchObject({
      jsonMode: true,
      jsonSchema: true,
      functionCalling: true,
      reasoning: true,
    });
    expect(can('gpt-4')).toMatchObject({ jsonMode: false, jsonSchema: false });
    expect(can('gpt-4o')).toMatchObject({ jsonSchema: true, reasoning: false });
    expect(can('anything', 'http://localhost:1/v1')).toMatchObject({ jsonMode: false, jsonSchema: false });
    const told = new OpenAICompatible({
      model: 'm',
      baseUrl: 'http://localhost:1/v1',
      capabilities: { jsonMode: true },
    });
    expect(told.capabilities.jsonMode).toBe(true);
  });
});
