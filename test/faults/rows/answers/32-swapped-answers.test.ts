import type { FaultExchange } from 'dspex/testing';
import { expect } from 'vitest';
import { LMInvalidResponseError } from '../../../../src/core/errors/lm-errors';
import { ANSWER, ask, bareClient, failureOf, serverOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

const answer = (content: string) => ({ choices: [{ message: { content }, finish_reason: 'stop' }] });
const nameOf = ({ request }: FaultExchange) => request.headers['x-client-request-id'] ?? '';

faultRow(32, 'a server that swaps two answers and gives back the names of their requests', async (context) => {
  const waiting: FaultExchange[] = [];
  const server = await serverOf(context, async (exchange, index) => {
    if (index >= 2) return exchange.reply(200, ANSWER, { 'x-client-request-id': nameOf(exchange) });
    waiting.push(exchange);
    const [first, second] = waiting;
    if (first === undefined || second === undefined) return;
    await first.reply(200, answer('of the second'), { 'x-client-request-id': nameOf(second) });
    await second.reply(200, answer('of the first'), { 'x-client-request-id': nameOf(first) });
  });
  const lm = triesThrice(context, server.url);
  const responses = await Promise.all([ask(lm), ask(lm)]);
  for (const response of responses) {
    expect(response).toMatchObject({ attempts: 2, completions: [{ text: 'yes' }] });
  }
  expect(new Set(server.requests.map(({ headers }) => headers['x-client-request-id'])).size).toBe(4);
  // The two that were out of step are gone, and two new ones came.
  expect(server.connections).toBe(4);
  return { happened: 'both noticed, both connections dropped, both asked again', attempts: '2 per call' };
});

faultRow(32, 'a server that gives back the name of another request, always', async (context) => {
  const server = await serverOf(context, (exchange) =>
    exchange.reply(200, answer('not yours'), { 'x-client-request-id': 'somebody-else' }),
  );
  const error = await failureOf(ask(triesThrice(context, server.url)));
  expect(error).toBeInstanceOf(LMInvalidResponseError);
  expect(error.attempts).toBe(3);
  return { happened: 'LMInvalidResponseError after 3 attempts', attempts: server.requests.length };
});

faultRow(32, 'an answer that nobody asked for, behind another on a kept connection', async (context) => {
  const body = JSON.stringify(answer('unasked'));
  const unasked = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
  const server = await serverOf(context, async (exchange, index) => {
    await exchange.reply(200, answer(`number ${index}`));
    if (index % 2 === 1) await exchange.pause(5);
    await exchange.write(unasked);
  });
  const lm = bareClient(context, server.url);
  for (let number = 0; number < 6; number += 1) {
    expect((await ask(lm)).completions[0]?.text).toBe(`number ${number}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  expect(server.connections).toBe(6);
  return { happened: 'thrown away with its connection', attempts: '1 per call' };
});

faultRow(32, 'one request at a time on a connection', async (context) => {
  let inFlight = 0;
  let most = 0;
  const server = await serverOf(context, async (exchange) => {
    inFlight += 1;
    most = Math.max(most, inFlight);
    await exchange.pause(5);
    inFlight -= 1;
    await exchange.reply(200, ANSWER);
  });
  const lm = bareClient(context, server.url, { connections: 1 });
  await Promise.all(Array.from({ length: 8 }, () => ask(lm)));
  expect(most).toBe(1);
  expect(server.connections).toBe(1);
  return { happened: 'a request waits until the answer before it is there', attempts: '1 per call' };
});
