import type { FaultExchange } from 'dspex/testing';
import { expect } from 'vitest';
import { LMInvalidResponseError } from '../../../../src/core/errors/lm-errors';
import { ANSWER, ask, failureOf, serverOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

const BODY = JSON.stringify(ANSWER);
const HALF = BODY.slice(0, 30);
const TYPE = { 'content-type': 'application/json' };

/** Bodies that promise more than comes before the connection is closed in order. */
const CUT_SHORT: Readonly<Record<string, (exchange: FaultExchange) => Promise<void>>> = {
  'JSON shorter than its content-length': async (exchange) => {
    await exchange.head(200, { ...TYPE, 'content-length': String(BODY.length) });
    await exchange.write(HALF);
  },
  'JSON in chunks without the last one': async (exchange) => {
    await exchange.head(200, { ...TYPE, 'transfer-encoding': 'chunked' });
    await exchange.chunk(HALF);
  },
};

for (const [title, send] of Object.entries(CUT_SHORT)) {
  faultRow(21, title, async (context) => {
    const server = await serverOf(context, async (exchange) => {
      await send(exchange);
      exchange.end();
    });
    const error = await failureOf(ask(triesThrice(context, server.url)));
    expect(error).toBeInstanceOf(LMInvalidResponseError);
    expect(error.attempts).toBe(3);
    expect(server.requests).toHaveLength(3);
    return {
      happened: `LMInvalidResponseError after 3 attempts (${error.details.providerCode})`,
      attempts: error.attempts,
    };
  });
}

faultRow(21, 'JSON that is half there, in a body that is whole', async (context) => {
  const server = await serverOf(context, (exchange) => exchange.reply(200, HALF));
  const error = await failureOf(ask(triesThrice(context, server.url)));
  expect(error).toBeInstanceOf(LMInvalidResponseError);
  expect(error.attempts).toBe(3);
  expect(server.requests).toHaveLength(3);
  return { happened: 'LMInvalidResponseError after 3 attempts', attempts: 3 };
});

faultRow(21, 'body longer than its content-length', async (context) => {
  const server = await serverOf(context, async (exchange, index) => {
    if (index > 0) return exchange.reply(200, ANSWER);
    await exchange.head(200, { ...TYPE, 'content-length': '30' });
    await exchange.write(BODY);
  });
  const response = await ask(triesThrice(context, server.url));
  expect(response).toMatchObject({ attempts: 2, completions: [{ text: 'yes' }] });
  expect(server.connections).toBe(2);
  return { happened: 'the first 30 bytes are no answer, the rest is not taken for the next one', attempts: 2 };
});
