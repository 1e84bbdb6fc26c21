import type { LM } from 'dspex';
import { Anthropic, Gemini, OpenAIResponses } from 'dspex/clients';
import { type FaultExchange, type FaultServer, lmLaws, startFaultServer } from 'dspex/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let server: FaultServer;
beforeAll(async () => {
  server = await startFaultServer(answer);
});
afterAll(async () => {
  await server.close();
  expect(server.scriptErrors).toEqual([]);
});

const WORDS = ['a ', 'word'];

/** Answers each protocol in its own words, in pieces where it is asked to. */
async function answer(exchange: FaultExchange): Promise<void> {
  const { path, body } = exchange.request;
  await exchange.pause(2);
  const events = path.includes('/messages') ? MESSAGES : path.includes('/responses') ? RESPONSES : CHUNKS;
  const streaming = path.includes('alt=sse') || body.includes('"stream":true');
  if (!streaming) return exchange.reply(200, wholeOf(path));
  await exchange.stream();
  for (const event of events) {
    await exchange.event(event);
    await exchange.pause(1);
  }
  await exchange.endChunks();
}

const MESSAGES = [
  { type: 'message_start', message: { id: 'a' } },
  { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
  ...WORDS.map((text) => ({ type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text } })),
  { type: 'message_delta', delta: { stop_reason: 'end_turn' } },
  { type: 'message_stop' },
];
const RESPONSES = [
  ...WORDS.map((delta, sequence_number) => ({ type: 'response.output_text.delta', sequence_number, delta })),
  { type: 'response.completed', response: { status: 'completed', output: [] } },
];
const CHUNKS = WORDS.map((text, place) => ({
  candidates: [{ content: { parts: [{ text }] }, ...(place === 1 ? { finishReason: 'STOP' } : {}) }],
}));

function wholeOf(path: string): object {
  const text = WORDS.join('');
  if (path.includes('/messages')) return { content: [{ type: 'text', text }], stop_reason: 'end_turn' };
  if (path.includes('/responses')) {
    return { status: 'completed', output: [{ type: 'message', content: [{ type: 'output_text', text }] }] };
  }
  return { candidates: [{ content: { parts: [{ text }] }, finishReason: 'STOP' }] };
}

describe.each<[string, () => LM]>([
  ['Anthropic', () => new Anthropic({ model: 'm', baseUrl: server.url, defaults: { temperature: 0.5 } })],
  ['Gemini', () => new Gemini({ model: 'm', baseUrl: server.url, defaults: { temperature: 0.5 } })],
  ['OpenAIResponses', () => new OpenAIResponses({ model: 'm', baseUrl: server.url, defaults: { temperature: 0.5 } })],
])('%s', (_name, make) => {
  test.each(lmLaws)('$name', ({ check }) => check(make));
});
