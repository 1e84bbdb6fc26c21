import { describe, expect, test } from 'vitest';
import {
  LMAuthError,
  LMContentFilterError,
  LMEmptyAnswerError,
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMQuotaError,
  LMRateLimitError,
  LMServerError,
} from '../../../../src/core/errors/lm-errors';
import type { LMOptions } from '../../../../src/core/primitives/lm-request';
import { GENERATE_FORMAT as FORMAT } from '../../../../src/lm/clients/gemini/generate-format';
import { CANARY, exchange, QUESTION, request, sent, streamed } from './exchange';

const MODEL = 'gemini-2.5-flash';
const body = (options: LMOptions, model = MODEL) => sent(FORMAT, request(model, options));

describe('a request', () => {
  test('names its model in the path and has the key in a header, never in the address', () => {
    expect(FORMAT.path(request(MODEL), false)).toBe('/models/gemini-2.5-flash:generateContent');
    expect(FORMAT.path(request('models/x'), true)).toBe('/models/x:streamGenerateContent?alt=sse');
    expect(FORMAT.path(request('../x?y'), false)).toBe('/models/..%2Fx%3Fy:generateContent');
    expect(FORMAT.headers('k')).toEqual({ 'x-goog-api-key': 'k' });
    expect(FORMAT.headers(undefined)).toEqual({});
  });

  test('says every option in the words of the protocol', () => {
    expect(
      body({
        temperature: 0.5,
        maxTokens: 9,
        topP: 0.5,
        stop: ['END'],
        seed: 7,
        n: 2,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        logprobs: true,
        responseFormat: { type: 'json_schema', name: 'A', schema: { type: 'object' } },
        tools: [{ name: 'find', description: 'Finds.', parameters: { type: 'object' } }],
        toolChoice: { name: 'find' },
        reasoningEffort: 'medium',
        extra: { safetySettings: [], generationConfig: { topK: 4 } },
      }),
    ).toEqual({
      contents: [{ role: 'user', parts: [{ text: 'q' }] }],
      generationConfig: {
        temperature: 0.5,
        maxOutputTokens: 9,
        topP: 0.5,
        stopSequences: ['END'],
        seed: 7,
        candidateCount: 2,
        frequencyPenalty: 0.1,
        presencePenalty: 0.2,
        responseLogprobs: true,
        responseMimeType: 'application/json',
        responseJsonSchema: { type: 'object' },
        thinkingConfig: { thinkingBudget: 8_192, includeThoughts: true },
        topK: 4,
      },
      tools: [
        {
          functionDeclarations: [{ name: 'find', description: 'Finds.', parametersJsonSchema: { type: 'object' } }],
        },
      ],
      toolConfig: { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: ['find'] } },
      safetySettings: [],
    });
    expect(body({ n: 1 })).toEqual({ contents: [{ role: 'user', parts: [{ text: 'q' }] }] });
    expect(body({ responseFormat: { type: 'json_object' } })['generationConfig']).toEqual({
      responseMimeType: 'application/json',
    });
    const modes = (['auto', 'none', 'required'] as const).map((toolChoice) => body({ toolChoice })['toolConfig']);
    expect(modes).toEqual(['AUTO', 'NONE', 'ANY'].map((mode) => ({ functionCallingConfig: { mode } })));
  });

  test('asks for thoughts by budget or by level, as the model wants', () => {
    const thinking = (model: string, reasoningEffort: string) => body({ reasoningEffort }, model)['generationConfig'];
    expect(thinking(MODEL, 'none')).toEqual({ thinkingConfig: { thinkingBudget: 0 } });
    expect(thinking('gemini-3-pro', 'high')).toEqual({
      thinkingConfig: { thinkingLevel: 'high', includeThoughts: true },
    });
    expect(() => thinking(MODEL, 'extreme')).toThrow(LMInvalidRequestError);
    expect(() => thinking('gemini-3-pro', 'none')).toThrow('always thinks');
    expect(() => thinking('gemini-2.5-pro', 'none')).toThrow('always thinks');
  });

  test('puts system texts apart, answers of tools into turns of the user by the name of the tool', () => {
    const messages = [
      { role: 'system', content: 'be brief' },
      { role: 'user', content: 'a' },
      { role: 'assistant', content: 'hm', toolCalls: [{ id: 't1', name: 'find', arguments: '{"x":1}' }] },
      { role: 'tool', content: 'found', toolCallId: 't1' },
      { role: 'user', content: 'b' },
      { role: 'assistant', content: null, toolCalls: [{ id: 't2', name: 'find', arguments: 'broken' }] },
    ] as const;
    const { systemInstruction, contents } = sent(FORMAT, request(MODEL, {}, messages));
    expect(systemInstruction).toEqual({ parts: [{ text: 'be brief' }] });
    expect(contents).toEqual([
      { role: 'user', parts: [{ text: 'a' }] },
      { role: 'model', parts: [{ text: 'hm' }, { functionCall: { name: 'find', args: { x: 1 } } }] },
      { role: 'user', parts: [{ functionResponse: { name: 'find', response: { output: 'found' } } }, { text: 'b' }] },
      { role: 'model', parts: [{ functionCall: { name: 'find', args: { invalid_json: 'broken' } } }] },
    ]);
  });

  test('says of a call that it has no signature, to models that want one with the first of a turn', () => {
    const call = (id: string) => ({ id, name: 'find', arguments: '{}' });
    const messages = [...QUESTION, { role: 'assistant', content: null, toolCalls: [call('a'), call('b')] }] as const;
    const { contents } = sent(FORMAT, request('gemini-3-pro', {}, messages));
    expect((contents as { parts: unknown }[])[1]?.parts).toEqual([
      { functionCall: { name: 'find', args: {} }, thoughtSignature: 'skip_thought_signature_validator' },
      { functionCall: { name: 'find', args: {} } },
    ]);
  });

  test('carries images, audio and files as data or by address', () => {
    const content = [
      { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } },
      { type: 'image_url', image_url: { url: 'gs://bucket/i.jpg' } },
      { type: 'input_audio', input_audio: { data: 'QQ==', format: 'wav' } },
      { type: 'file', file: { file_data: 'data:application/pdf;base64,QQ==' } },
      { type: 'file', file: { file_id: 'https://files.example/f1' } },
    ];
    const { contents } = sent(FORMAT, request(MODEL, {}, [{ role: 'user', content }]));
    expect((contents as { parts: unknown }[])[0]?.parts).toEqual([
      { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
      { fileData: { mimeType: 'image/jpeg', fileUri: 'gs://bucket/i.jpg' } },
      { inlineData: { mimeType: 'audio/wav', data: 'QQ==' } },
      { inlineData: { mimeType: 'application/pdf', data: 'QQ==' } },
      { fileData: { fileUri: 'https://files.example/f1' } },
    ]);
  });

  test('is not sent with what it cannot say', () => {
    const late = [...QUESTION, { role: 'system', content: 's' }] as const;
    expect(() => sent(FORMAT, request(MODEL, {}, late))).toThrow('only before all others');
    expect(() => sent(FORMAT, request(MODEL, {}, []))).toThrow('no message of a user');
    expect(() => sent(FORMAT, request(MODEL, {}, [{ role: 'tool', content: 'x' }]))).toThrow('which tool answers');
    const unknown = [{ role: 'user', content: [{ type: 'document' }] }] as const;
    expect(() => sent(FORMAT, request(MODEL, {}, unknown))).toThrow("no content part 'document'");
    expect(() => body({ parallelToolCalls: false })).toThrow("'parallelToolCalls'");
  });
});

const read = (members: object) => FORMAT.read(JSON.stringify(members), exchange());
const candidate = (parts: object[], finishReason = 'STOP', more: object = {}) => ({
  candidates: [{ content: { role: 'model', parts }, finishReason, ...more }],
});

describe('an answer', () => {
  test('has text, thoughts, calls, logprobs and all tokens', () => {
    const response = read({
      ...candidate(
        [
          { text: 'hm', thought: true },
          { text: 'yes' },
          { text: '!' },
          { functionCall: { name: 'find', args: { x: 1 } } },
        ],
        'STOP',
        {
          logprobsResult: { chosenCandidates: [{ token: 'yes', logProbability: -0.1 }, { token: 3 }] },
          citationMetadata: { citationSources: [{ uri: 'https://a.example' }] },
        },
      ),
      usageMetadata: {
        promptTokenCount: 10,
        cachedContentTokenCount: 4,
        candidatesTokenCount: 3,
        thoughtsTokenCount: 5,
      },
      modelVersion: 'gemini-x',
      responseId: 'r1',
    });
    expect(response).toMatchObject({
      id: 'r1',
      model: 'gemini-x',
      usage: { calls: 1, inputTokens: 10, cachedInputTokens: 4, outputTokens: 8, reasoningTokens: 5 },
    });
    expect(response.completions).toEqual([
      {
        text: 'yes!',
        finishReason: 'tool_calls',
        reasoning: 'hm',
        logprobs: [{ token: 'yes', logprob: -0.1 }],
        toolCalls: [{ name: 'find', arguments: '{"x":1}' }],
        citations: [{ uri: 'https://a.example' }],
      },
    ]);
  });

  test('may be several candidates, of which those without a word are left out', () => {
    const candidates = [
      { content: { parts: [{ text: 'a' }] }, finishReason: 'STOP', index: 0 },
      { finishReason: 'SAFETY', index: 1 },
      { content: { parts: [{ text: 'c' }] }, finishReason: 'MAX_TOKENS', index: 2 },
    ];
    const { completions } = read({ candidates });
    expect(completions.map(({ text, finishReason }) => [text, finishReason])).toEqual([
      ['a', 'stop'],
      ['c', 'length'],
    ]);
  });

  test.each([
    ['a blocked prompt', { promptFeedback: { blockReason: 'SAFETY' } }, LMContentFilterError],
    ['a filtered answer', { candidates: [{ finishReason: 'SAFETY' }] }, LMContentFilterError],
    ['a recitation', { candidates: [{ finishReason: 'RECITATION' }] }, LMContentFilterError],
    ['nothing', candidate([]), LMEmptyAnswerError],
    ['no candidates', { candidates: [] }, LMInvalidResponseError],
    ['nothing known', { kind: 'other' }, LMInvalidResponseError],
    ['an index of a billion', { candidates: [{ index: 1e9, finishReason: 'STOP' }] }, LMInvalidResponseError],
    ['an error', { error: { code: 503, status: 'UNAVAILABLE', message: 'overloaded' } }, LMServerError],
  ])('with %s is an error of its own class', (_name, members, expected) => {
    expect(() => read(members)).toThrow(expected);
  });
});

describe('a failure', () => {
  const failure = (status: number, error: object, wrap = (text: string) => text) =>
    FORMAT.failure(wrap(JSON.stringify({ error: { code: status, message: 'no', ...error } })), exchange(status));
  const quota = (quotaId: string) => ({
    status: 'RESOURCE_EXHAUSTED',
    message: 'You exceeded your current quota, please check your plan and billing details.',
    details: [{ violations: [{ quotaId }] }, { retryDelay: '31s' }],
  });

  test('of a minute passes, of a day does not', () => {
    const minute = failure(429, quota('GenerateRequestsPerMinutePerProjectPerModel'));
    expect(minute).toBeInstanceOf(LMRateLimitError);
    expect((minute as LMRateLimitError).retryAfter).toBe(31_000);
    expect(failure(429, quota('GenerateRequestsPerDayPerProjectPerModel-FreeTier'))).toBeInstanceOf(LMQuotaError);
    expect(failure(402, {})).toBeInstanceOf(LMQuotaError);
  });

  test('that is a wrong key is told as a wrong argument, and read as a wrong key', () => {
    const error = failure(400, { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] });
    expect(error).toBeInstanceOf(LMAuthError);
  });

  test('in a list, or no JSON at all, is read as well, without secrets', () => {
    expect(failure(503, { status: 'UNAVAILABLE' }, (text) => `[${text}]`)).toMatchObject({
      status: 503,
      details: { providerCode: 'UNAVAILABLE' },
    });
    const page = FORMAT.failure(`<html>${CANARY}</html>`, exchange(502)) as Error;
    expect(page).toBeInstanceOf(LMServerError);
    expect(page.message).not.toContain(CANARY);
  });
});

describe('a streamed answer', () => {
  test('tells its pieces, and is at the end what the whole would have been', () => {
    const { deltas, stream, end } = streamed(FORMAT, [
      { candidates: [{ content: { parts: [{ text: 'hm', thought: true }] } }], modelVersion: 'gemini-x' },
      { candidates: [{ content: { parts: [{ text: 'ye' }] }, index: 0 }], usageMetadata: { promptTokenCount: 9 } },
      'no json',
      {
        candidates: [
          { content: { parts: [{ text: 's' }, { functionCall: { name: 'f', args: {} } }] }, finishReason: 'STOP' },
        ],
        usageMetadata: { promptTokenCount: 9, candidatesTokenCount: 4 },
      },
    ]);
    expect(stream.whole).toBe(true);
    expect(deltas).toEqual([
      { index: 0, reasoning: 'hm' },
      { index: 0, text: 'ye' },
      { index: 0, text: 's' },
      { index: 0, toolCall: { index: 0, name: 'f', arguments: '{}' } },
    ]);
    expect(end()).toMatchObject({
      model: 'gemini-x',
      completions: [{ text: 'yes', reasoning: 'hm', finishReason: 'tool_calls' }],
      usage: { inputTokens: 9, outputTokens: 4 },
    });
  });

  test('is not whole before every candidate has ended', () => {
    const { stream } = streamed(FORMAT, [
      {
        candidates: [
          { index: 0, finishReason: 'STOP' },
          { index: 1, content: { parts: [{ text: 'x' }] } },
        ],
      },
    ]);
    expect(stream.whole).toBe(false);
  });

  test('that breaks off with an error or a block is a typed error', () => {
    const error = { error: { code: 429, status: 'RESOURCE_EXHAUSTED', message: 'slow down' } };
    expect(() => streamed(FORMAT, [error])).toThrow(LMRateLimitError);
    expect(() => streamed(FORMAT, [{ promptFeedback: { blockReason: 'OTHER' } }])).toThrow(LMContentFilterError);
  });
});
