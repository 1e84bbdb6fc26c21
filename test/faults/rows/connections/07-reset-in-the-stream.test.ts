import { expect } from 'vitest';
import { LMTransportError } from '../../../../src/core/errors/lm-errors';
import { ask, bareClient, failureOf, listener, piece, serverOf, streamed, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

const TEXTS = ['one ', 'two ', 'three ', 'four'];

faultRow(7, 'stream cut after some of its pieces were told', async (context) => {
  let events = 0;
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    await exchange.event({ choices: [], usage: { prompt_tokens: 9, completion_tokens: 1 } });
    for (const text of TEXTS.slice(0, events)) await exchange.event(piece(text));
    await exchange.pause(20);
    exchange.reset();
  });
  const lm = triesThrice(context, server.url);
  for (events = 1; events <= TEXTS.length; events += 1) {
    const { texts, onDelta } = listener();
    const error = await failureOf(ask(lm, { onDelta }));
    expect(error).toBeInstanceOf(LMTransportError);
    expect(error.attempts).toBe(1);
    expect(error.details.partial?.texts).toEqual([TEXTS.slice(0, events).join('')]);
    expect(error.details.partial?.usage.inputTokens).toBe(9);
    expect(texts).toEqual(TEXTS.slice(0, events));
    expect(server.requests).toHaveLength(events);
  }
  return { happened: 'LMTransportError with the text and usage so far, not tried again', attempts: '1 per call' };
});

faultRow(7, 'stream cut before its first piece', async (context) => {
  const server = await serverOf(context, async (exchange, index) => {
    if (index > 0) return streamed(exchange, TEXTS);
    await exchange.stream();
    await exchange.event({ choices: [{ index: 0, delta: { role: 'assistant' } }] });
    exchange.reset();
  });
  const { texts, onDelta } = listener();
  const response = await ask(triesThrice(context, server.url), { onDelta });
  expect(response.attempts).toBe(2);
  expect(texts).toEqual(TEXTS);
  return { happened: 'tried again: nobody had been told anything', attempts: server.requests.length };
});

faultRow(7, 'stream cut at every byte', async (context) => {
  const events = [piece('one '), piece('\u20ac'), piece('', { finish_reason: 'stop' })];
  const whole = Buffer.from(events.map((event) => `data: ${JSON.stringify(event)}\r\n\r\n`).join(''));
  let cut = 0;
  const server = await serverOf(context, async (exchange) => {
    await exchange.stream();
    await exchange.chunk(whole.subarray(0, cut));
    if (cut % 2 === 0) exchange.end();
    else exchange.reset();
  });
  const lm = bareClient(context, server.url);
  for (cut = 0; cut <= whole.length; cut += 1) {
    const { texts, onDelta } = listener();
    const error = await failureOf(ask(lm, { onDelta }));
    expect(error).toBeInstanceOf(LMTransportError);
    expect(['', 'one ', 'one \u20ac']).toContain(texts.join(''));
    expect(error.details.partial?.texts.join('') ?? '').toBe(texts.join(''));
    expect(error.details.shouldRetry).toBe(texts.length === 0 ? undefined : false);
  }
  return {
    happened: `${whole.length + 1} cuts, each an LMTransportError; a piece is told whole or not at all`,
    attempts: '1 per call',
  };
});
