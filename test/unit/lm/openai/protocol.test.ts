import { inspect } from 'node:util';
import { startMockServer } from 'dspex/testing';
import { describe, expect, test, vi } from 'vitest';
import { ModelNotFoundError, RequestTooLargeError } from '../../../../src/core/errors/clients/request-errors';
import {
  ContextWindowExceededError,
  LMAuthError,
  LMContentFilterError,
  LMEmptyAnswerError,
  type LMError,
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMQuotaError,
  LMRateLimitError,
  LMRefusalError,
  LMServerError,
  LMTimeoutError,
  MissingApiKeyError,
} from '../../../../src/core/errors/lm-errors';
import { NO_USAGE } from '../../../../src/core/primitives/usage';
import { open, QUESTION, setUp } from './set-up';

const choice = (message: object, finish_reason = 'stop') => ({ body: { choices: [{ message, finish_reason }] } });

describe('a request', () => {
  test('carries model, messages and every option in the names of the protocol', async () => {
    const { server, ask } = await setUp('fine', {
      apiKey: 'key-of-mine',
      headers: { 'x-team': 'a' },
      organization: 'org',
      project: 'proj',
      defaults: { temperature: 0.5 },
    });
    await ask({
      maxTokens: 9,
      topP: 0.5,
      stop: ['\n'],
      seed: 7,
      n: 2,
      frequencyPenalty: 0.1,
      presencePenalty: 0.2,
      logprobs: true,
      responseFormat: { type: 'json_schema', name: 'Answer', schema: { type: 'object' }, strict: true },
      extra: { top_k: 3 },
    });
    expect(server.requests[0]?.body).toEqual({
      model: 'm',
      messages: QUESTION,
      temperature: 0.5,
      max_tokens: 9,
      top_p: 0.5,
      stop: ['\n'],
      seed: 7,
      n: 2,
      frequency_penalty: 0.1,
      presence_penalty: 0.2,
      logprobs: true,
      response_format: {
        type: 'json_schema',
        json_schema: { name: 'Answer', schema: { type: 'object' }, strict: true },
      },
      top_k: 3,
    });
    expect(server.requests[0]?.headers).toMatchObject({
      authorization: 'Bearer key-of-mine',
      'x-team': 'a',
      'openai-organization': 'org',
      'openai-project': 'proj',
    });
  });

  test('sends nothing that was not asked for, and no rollout id', async () => {
    const { server, client } = await setUp();
    await client.generate(client.createRequest(QUESTION, {}, 4));
    expect(server.requests[0]?.body).toEqual({ model: 'm', messages: QUESTION });
    expect(server.requests[0]?.headers).not.toHaveProperty('authorization');
  });

  test('bounds the answer of a reasoning model by max_completion_tokens and leaves its temperature alone', async () => {
    const { server, ask } = await setUp('fine', { model: 'openai/gpt-5-mini' });
    await ask({ maxTokens: 20_000, temperature: 1 });
    expect(server.requests[0]?.body).toMatchObject({ max_completion_tokens: 20_000 });
    expect(server.requests[0]?.body).not.toHaveProperty('max_tokens');
    expect(server.requests[0]?.body).not.toHaveProperty('temperature');
    await expect(ask({ temperature: 0.7 })).rejects.toThrow('samples at a temperature of its own, not at 0.7');
    expect(server.requests).toHaveLength(1);
  });

  test('takes the key from the environment at each call', async () => {
    const { server, ask } = await setUp('fine', { apiKeyEnv: 'A_KEY_OF_A_TEST' });
    await expect(ask()).rejects.toThrow(MissingApiKeyError);
    await expect(ask()).rejects.toThrow('set the environment variable A_KEY_OF_A_TEST');
    vi.stubEnv('A_KEY_OF_A_TEST', 'from-the-environment\n');
    await ask();
    expect(server.requests.map(({ headers }) => headers['authorization'])).toEqual(['Bearer from-the-environment']);
  });

  test('does not send the key for OpenAI to another server', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'key-for-openai');
    const { server, ask } = await setUp();
    await ask();
    expect(JSON.stringify(server.requests)).not.toContain('key-for-openai');
  });
});

describe('an answer', () => {
  test('has text, reason, usage with cached tokens, id and model, and is frozen', async () => {
    const { ask } = await setUp({
      body: {
        id: 'id-1',
        model: 'm-2026',
        choices: [
          {
            message: { content: 'yes', reasoning_content: 'hm' },
            finish_reason: 'length',
            logprobs: { content: [{ token: 'yes', logprob: -0.1, top_logprobs: [] }] },
          },
        ],
        usage: { prompt_tokens: 10, completion_tokens: 2, prompt_tokens_details: { cached_tokens: 8 } },
      },
    });
    const response = await ask();
    expect(response).toEqual({
      id: 'id-1',
      model: 'm-2026',
      completions: [
        { text: 'yes', finishReason: 'length', reasoning: 'hm', logprobs: [{ token: 'yes', logprob: -0.1 }] },
      ],
      usage: { ...NO_USAGE, calls: 1, unpricedCalls: 0, inputTokens: 10, outputTokens: 2, cachedInputTokens: 8 },
      cached: false,
      attempts: 1,
    });
    expect(Object.isFrozen(response.completions[0])).toBe(true);
  });

  test('may be several completions, or text in parts', async () => {
    const { ask } = await setUp([{ text: ['a', 'b'] }, choice({ content: [{ type: 'text', text: 'c' }] })]);
    expect((await ask({ n: 2 })).completions.map(({ text }) => text)).toEqual(['a', 'b']);
    expect((await ask()).completions[0]?.text).toBe('c');
  });

  test.each([
    ['a refusal', choice({ content: null, refusal: 'I cannot' }), LMRefusalError],
    ['a filtered answer', choice({ content: null }, 'content_filter'), LMContentFilterError],
    ['an answer without content', choice({ content: null }), LMEmptyAnswerError],
    ['an empty list of choices', { body: { choices: [] } }, LMInvalidResponseError],
    ['no list of choices', { body: { object: 'list' } }, LMInvalidResponseError],
    ['a page of HTML', { body: '<html>Bad gateway</html>' }, LMInvalidResponseError],
    ['an empty body', { body: '' }, LMInvalidResponseError],
    ['half a JSON text', { body: '{"choices": [{"mess' }, LMInvalidResponseError],
    ['an error under status 200', { body: { error: { message: 'slow down', code: 429 } } }, LMRateLimitError],
  ])('%s is an error of its own class', async (_name, reply, expected) => {
    const { ask } = await setUp(reply);
    await expect(ask()).rejects.toThrow(expected);
  });
});

test('an answer of too many parts is an error that knows whom it is from', async () => {
  const tool_calls = Array.from({ length: 1_100 }, (_, at) => ({ id: `c${at}`, function: { name: 'f' } }));
  const { client, ask } = await setUp(choice({ content: null, tool_calls }, 'tool_calls'));
  const error = (await ask().catch((caught: unknown) => caught)) as LMError;
  expect(error).toBeInstanceOf(LMInvalidResponseError);
  expect(error).toMatchObject({ model: 'm', provider: new URL(client.endpoint).host });
});

describe('a failure', () => {
  const error = (code: string | null, message = 'no') => ({ error: { message, type: 'some_error', code } });

  test.each([
    [400, null, LMInvalidRequestError],
    [401, 'invalid_api_key', LMAuthError],
    [402, null, LMQuotaError],
    [403, null, LMAuthError],
    [404, null, LMInvalidRequestError],
    [404, 'model_not_found', ModelNotFoundError],
    [413, null, RequestTooLargeError],
    [408, null, LMTimeoutError],
    [409, null, LMInvalidRequestError],
    [422, null, LMInvalidRequestError],
    [429, 'rate_limit_exceeded', LMRateLimitError],
    [429, 'insufficient_quota', LMQuotaError],
    [429, 'credit_balance_exhausted', LMQuotaError],
    [500, null, LMServerError],
    [503, null, LMServerError],
    [504, null, LMTimeoutError],
    [529, null, LMServerError],
    [400, 'context_length_exceeded', ContextWindowExceededError],
  ])('of status %i and code %s has its class, status, code and request id', async (status, code, expected) => {
    const { ask } = await setUp({ status, body: error(code) });
    const failure = await ask().catch((caught: unknown) => caught);
    expect(failure).toBeInstanceOf(expected);
    expect((failure as LMError).constructor).toBe(expected);
    expect((failure as LMError).details).toMatchObject({
      model: 'm',
      status,
      providerCode: code ?? 'some_error',
      requestId: 'mock-0',
    });
  });

  test.each([
    "This model's maximum context length is 8192 tokens. However, your messages resulted in 9000 tokens.",
    'the request exceeds the available context size. try increasing the context size',
    'prompt is too long: 210000 tokens > 200000 maximum',
    'Please reduce the length of the messages or completion.',
    'The input token count (1100000) exceeds the maximum number of tokens allowed (1048576).',
    '`inputs` tokens + `max_new_tokens` must be <= 4096.',
  ])('that says "%s" is a full context window', async (message) => {
    const { ask } = await setUp({ status: 400, body: error(null, message) });
    await expect(ask()).rejects.toThrow(ContextWindowExceededError);
  });

  test('is never a redirect that was followed', async () => {
    const other = await startMockServer();
    open.push(other);
    const { ask } = await setUp({ status: 307, headers: { location: `${other.url}/chat/completions` }, body: '' });
    await expect(ask()).rejects.toThrow('Redirects are not followed');
    expect(other.requests).toHaveLength(0);
  });

  test('shows no secret, wherever one looks', async () => {
    const canary = 'sk-canary-0123456789';
    const { client, ask } = await setUp(
      [
        { status: 401, body: error('invalid_api_key', `Incorrect API key provided: ${canary}`) },
        { body: `<html>${canary}</html>` },
        { status: 500, body: `boom ${canary} header-canary query-canary` },
      ],
      { apiKey: canary, headers: { 'x-secret': 'Token header-canary' }, query: { key: 'query-canary' } },
    );
    for (let round = 0; round < 3; round += 1) {
      const failure = (await ask().catch((caught: unknown) => caught)) as LMError;
      const seen = [
        String(failure),
        failure.stack,
        inspect(failure, { depth: 20, showHidden: true }),
        JSON.stringify(failure),
      ];
      expect(seen.join('\n')).toContain('[redacted]');
      expect(seen.join('\n')).not.toContain('canary');
    }
    expect(JSON.stringify(client) + inspect(client, { depth: 20 }) + JSON.stringify(client.stats())).not.toContain(
      'canary',
    );
    expect(JSON.stringify(client.createRequest(QUESTION))).not.toContain('canary');
  });
});
