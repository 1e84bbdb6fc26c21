import { startMockServer } from 'dspex/testing';
import { request } from 'undici';
import { expect, test } from 'vitest';

const ask = (url: string, body: object) =>
  request(`${url}/chat/completions`, { method: 'POST', body: JSON.stringify(body) });

test('the mock answers in the OpenAI protocol and records what it was asked', async () => {
  const server = await startMockServer({ respond: ['first', { status: 429, headers: { 'retry-after': '2' } }] });
  const messages = [{ role: 'user', content: 'two words' }];
  const first = await ask(server.url, { model: 'm', messages });
  expect(await first.body.json()).toMatchObject({
    model: 'm',
    choices: [{ message: { role: 'assistant', content: 'first' }, finish_reason: 'stop' }],
    usage: { prompt_tokens: 2, completion_tokens: 1, total_tokens: 3 },
  });
  const second = await ask(server.url, { model: 'm', messages });
  expect(second.statusCode).toBe(429);
  expect(second.headers['retry-after']).toBe('2');
  await second.body.dump();
  expect(server.requests.map(({ body }) => body.messages)).toEqual([messages, messages]);
  await server.close();
});

test('an unscripted mock fills every output field that the prompt asks for', async () => {
  const server = await startMockServer();
  const content = 'Respond, starting with `[[ ## answer ## ]]`, then ending with `[[ ## completed ## ]]`.';
  const { body } = await ask(server.url, { model: 'm', messages: [{ role: 'user', content }] });
  expect(await body.json()).toMatchObject({
    choices: [{ message: { content: '[[ ## answer ## ]]\na mock answer\n\n[[ ## completed ## ]]' } }],
  });
  await server.close();
});

test('the mock counts how many requests were open at one moment', async () => {
  const server = await startMockServer({ latencyMs: 20 });
  const replies = await Promise.all(Array.from({ length: 8 }, () => ask(server.url, { model: 'm', messages: [] })));
  await Promise.all(replies.map(({ body }) => body.dump()));
  expect(server.maxInFlight).toBe(8);
  expect(server.requests).toHaveLength(8);
  await server.close();
});
