import { expect } from 'vitest';
import { LMTimeoutError } from '../../../../src/core/errors/lm-errors';
import { ask, bareClient, failureOf, serverOf } from '../../calls';
import { faultRow } from '../../matrix/fault-row';

faultRow(8, 'head of the answer that drips', async (context) => {
  const server = await serverOf(context, async (exchange) => {
    for (const letter of 'HTTP/1.1 200 OK\r\nx-endless: '.padEnd(2000, 'x')) {
      await exchange.write(letter);
      await exchange.pause(10);
    }
  });
  const lm = bareClient(context, server.url, { firstByteMs: 100 });
  const error = await failureOf(ask(lm));
  expect(error).toBeInstanceOf(LMTimeoutError);
  expect(error.message).toContain('no first byte within 100 ms');
  await expect.poll(() => server.open).toBe(0);
  return { happened: 'LMTimeoutError after firstByteMs, and the socket is gone', attempts: server.requests.length };
});
