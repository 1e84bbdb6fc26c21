import type { FaultExchange } from 'dspex/testing';
import { expect } from 'vitest';
import { LMInvalidResponseError, LMTransportError } from '../../../../src/core/errors/lm-errors';
import { ANSWER, ask, bareClient, failureOf, serverOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

const BODY = JSON.stringify(ANSWER);
const TYPE = { 'content-type': 'application/json' };

/** The ways of framing a body; each sends its first bytes and cuts the connection. */
const FRAMINGS: Readonly<Record<string, (exchange: FaultExchange, bytes: number) => Promise<void>>> = {
  'with a length': async (exchange, bytes) => {
    await exchange.head(200, { ...TYPE, 'content-length': String(BODY.length) });
    await exchange.write(BODY.slice(0, bytes));
  },
  'in chunks': async (exchange, bytes) => {
    await exchange.head(200, { ...TYPE, 'transfer-encoding': 'chunked' });
    await exchange.chunk(BODY.slice(0, bytes));
  },
  'that ends with the connection': async (exchange, bytes) => {
    await exchange.head(200, { ...TYPE, connection: 'close' });
    await exchange.write(BODY.slice(0, bytes));
  },
};

for (const [framing, send] of Object.entries(FRAMINGS)) {
  faultRow(6, `body ${framing}, cut at every byte`, async (context) => {
    let cut = 0;
    const server = await serverOf(context, async (exchange) => {
      await send(exchange, cut);
      // In order and by force: either way it is no answer.
      if (cut % 2 === 0) exchange.end();
      else exchange.reset();
    });
    const lm = bareClient(context, server.url);
    for (cut = 0; cut < BODY.length; cut += 1) {
      const error = await failureOf(ask(lm));
      expect([LMTransportError, LMInvalidResponseError]).toContain(error.constructor);
      expect(error.details.shouldRetry ?? error.retryable).toBe(true);
    }
    expect(server.requests).toHaveLength(BODY.length);
    return { happened: `${BODY.length} cuts, each a retryable error, never an answer`, attempts: '1 per call' };
  });
}

faultRow(6, 'body cut once, then whole', async (context) => {
  const server = await serverOf(context, async (exchange, index) => {
    if (index > 0) return exchange.reply(200, ANSWER);
    await FRAMINGS['with a length']?.(exchange, 20);
    exchange.reset();
  });
  const response = await ask(triesThrice(context, server.url));
  expect(response).toMatchObject({ attempts: 2, completions: [{ text: 'yes' }] });
  return { happened: 'tried again: nothing had been handed out', attempts: server.requests.length };
});
