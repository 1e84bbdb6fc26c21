import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAICompatible } from 'dspex/clients';
import { Predict } from 'dspex/program';
import { startFaultServer } from 'dspex/testing';
import { afterEach, expect, it } from 'vitest';

const open: { close(): unknown }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0).reverse()) await thing.close();
});

const chunk = (content: string) =>
  `data: ${JSON.stringify({ id: 'x', model: 'm', choices: [{ index: 0, delta: { content } }] })}\n\n`;

/** A server that writes words for ever, or breaks off after a few. */
async function talker(words = Number.POSITIVE_INFINITY) {
  const seen = { requests: 0, closed: 0 };
  const server = createServer((request, response) => {
    seen.requests += 1;
    request.resume();
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk('[[ ## answer ## ]]\n'));
    let said = 0;
    const timer = setInterval(() => {
      said += 1;
      if (said > words) response.destroy();
      else response.write(chunk(`word${said} `));
    }, 1);
    response.on('close', () => {
      clearInterval(timer);
      seen.closed += 1;
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const lm = new OpenAICompatible({ model: 'm', baseUrl });
  open.push(server, lm);
  return { lm, seen };
}

it('leaving the loop closes the request', async () => {
  const { lm, seen } = await talker();
  for await (const event of new Predict('question -> answer').stream({ question: 'q' }, { lm })) {
    if (event.type === 'field-delta') break;
  }
  await expect.poll(() => seen.closed, { interval: 2 }).toBe(1);
  expect(lm.stats().inFlight).toBe(0);
});

it('a stream that breaks off is one typed error with what had come, and no second request', async () => {
  const { lm, seen } = await talker(5);
  const running = new Predict('question -> answer').stream({ question: 'q' }, { lm });
  let text = '';
  const error = await (async () => {
    for await (const event of running) if (event.type === 'field-delta') text += event.text;
  })().catch((e) => e);
  expect(text).toContain('word1');
  expect(error.details.partial.texts[0]).toContain('word5');
  await expect(running.result).rejects.toBe(error);
  expect(seen.requests).toBe(1);
});

it('calls of tools in an answer that came whole are told like those in pieces', async () => {
  const call = { id: 'a', function: { name: 'add', arguments: '{}' } };
  const message = { content: '[[ ## answer ## ]]\nyes', tool_calls: [call] };
  const server = await startFaultServer((exchange) =>
    exchange.reply(200, { choices: [{ message, finish_reason: 'tool_calls' }] }),
  );
  const lm = new OpenAICompatible({ model: 'm', baseUrl: server.url });
  open.push(server, lm);
  const told: unknown[] = [];
  for await (const event of new Predict('question -> answer').stream({ question: 'q' }, { lm })) {
    if (event.type === 'tool-call') told.push(event.toolCall);
  }
  expect(told).toEqual([{ index: 0, id: 'a', name: 'add', arguments: '{}' }]);
});
