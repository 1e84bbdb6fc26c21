import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { OpenAICompatible } from 'dspex/clients';
import { Predict, toServerSentEvents } from 'dspex/program';
import { DummyLM, startMockServer } from 'dspex/testing';
import { expect, it } from 'vitest';

const ANSWER = '[[ ## answer ## ]]\nline one\nline two';
const program = new Predict('question -> answer');

it('is one event a block, with its members as JSON', async () => {
  const stream = program.stream({ question: 'q' }, { lm: new DummyLM([ANSWER], { pieces: 6 }) });
  const text = await new Response(toServerSentEvents(stream)).text();
  const blocks = text.trimEnd().split('\n\n');
  const events = blocks.map((block) => {
    const [, name, data] = /^event: (.+)\ndata: (.+)$/.exec(block) ?? [];
    return { name, data: JSON.parse(String(data)) };
  });
  expect(events.every(({ name, data }) => name === data.type)).toBe(true);
  const deltas = events.filter(({ name }) => name === 'field-delta').map(({ data }) => data.text);
  expect(deltas.join('')).toBe('line one\nline two');
  expect(events.at(-1)).toMatchObject({ name: 'result', data: { result: { answer: 'line one\nline two' } } });
});

it('ends with the code of a failure and nothing of what it quotes', async () => {
  const stream = program.stream(
    { question: 'q' },
    { lm: new DummyLM(['secret text', 'secret', 'secret'], { pieces: 1 }) },
  );
  const text = await new Response(toServerSentEvents(stream)).text();
  const problems = text.split('\n\n').filter((block) => /^event: (status|restart|error)/.test(block));
  expect(problems.join()).toMatch(/"phase":"error"/);
  expect(problems.join()).toMatch(/"reason":"fallback"/);
  expect(problems.join()).not.toMatch(/secret|problem/);
  expect(text).toMatch(/event: error\ndata: {"code":"ADAPTER_PARSE","retryable":false}\n\n$/);
});

it('aborts the request to the model when the client of an HTTP handler leaves', async () => {
  const model = await startMockServer({ respond: () => ANSWER, latencyMs: 10_000 });
  const lm = new OpenAICompatible({ model: 'm', baseUrl: model.url });
  let ended: Promise<unknown> = Promise.resolve();
  const server = createServer(async (_request, response) => {
    const stream = program.stream({ question: 'q' }, { lm });
    ended = stream.result.catch((error: unknown) => error);
    response.on('close', () => stream.stop());
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    for await (const block of toServerSentEvents(stream)) response.write(block);
    response.end();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  const request = get({ port, host: '127.0.0.1' }, (response) => {
    response.on('error', () => undefined);
    response.once('data', () => request.destroy());
  });
  request.on('error', () => undefined);
  await expect.poll(() => lm.stats().requests).toBe(1);
  await expect.poll(async () => (await ended) as { code?: string }).toMatchObject({ code: 'STREAM_STOPPED' });
  expect(lm.stats().inFlight).toBe(0);
  server.close();
  await lm.close();
  await model.close();
});

it('aborts the call when it is cancelled', async () => {
  const stream = program.stream({ question: 'q' }, { lm: new DummyLM([ANSWER], { pieces: 1 }) });
  const reader = toServerSentEvents(stream).getReader();
  await reader.read();
  await reader.cancel();
  await expect(stream.result).rejects.toMatchObject({ code: 'STREAM_STOPPED' });
});
