import { expect } from 'vitest';
import { LMTransportError } from '../../../../src/core/errors/lm-errors';
import { ANSWER, ask, failureOf, serverOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

faultRow(5, 'connection reset before the head of the answer', async (context) => {
  const server = await serverOf(context, (exchange, index) =>
    index < 2 ? exchange.reset() : exchange.reply(200, ANSWER),
  );
  const response = await ask(triesThrice(context, server.url));
  expect(response.attempts).toBe(3);
  expect(server.requests).toHaveLength(3);
  return { happened: 'tried again twice, then answered', attempts: server.requests.length };
});

faultRow(5, 'connection reset before the head, each time', async (context) => {
  const server = await serverOf(context, (exchange) => exchange.reset());
  const error = await failureOf(ask(triesThrice(context, server.url)));
  expect(error).toBeInstanceOf(LMTransportError);
  expect(error.attempts).toBe(3);
  expect(server.requests).toHaveLength(3);
  return { happened: `LMTransportError (${error.details.providerCode})`, attempts: 3 };
});
