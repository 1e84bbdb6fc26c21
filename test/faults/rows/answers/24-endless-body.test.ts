import { expect } from 'vitest';
import { LMInvalidResponseError } from '../../../../src/core/errors/lm-errors';
import { ask, bareClient, failureOf, listener, serverOf, triesThrice } from '../../calls';
import { faultRow } from '../../matrix/fault-row';
import { closedPort } from '../../raw-server';
import { peakGrowth } from '../../resident-memory';

const MIB = 1024 * 1024;
const PART = 'x'.repeat(64 * 1024);

// The larger the limit, the less counts what garbage the process has at the moment.
for (const [title, type, part, limit] of [
  ['body', 'application/json', PART, 128 * MIB],
  ['event', 'text/event-stream', PART, 64 * MIB],
  ['stream of events', 'text/event-stream', `: ${PART}\n\n`, 64 * MIB],
] as const) {
  faultRow(24, `${title} without end`, async (context) => {
    // The same bytes each time: the server is in this process, and its own garbage must not count.
    const chunk = Buffer.from(`${part.length.toString(16)}\r\n${part}\r\n`);
    const server = await serverOf(context, async (exchange) => {
      await exchange.head(200, { 'content-type': type, 'transfer-encoding': 'chunked' });
      for (;;) await exchange.write(chunk);
    });
    const lm = triesThrice(context, server.url, { maxResponseBytes: limit });
    // undici itself takes memory when it is loaded.
    await failureOf(ask(bareClient(context, await closedPort())));
    const grown = peakGrowth();
    const error = await failureOf(ask(lm, type === 'text/event-stream' ? listener() : {}));
    expect(grown()).toBeLessThan(2 * limit);
    expect(error).toBeInstanceOf(LMInvalidResponseError);
    expect(error.message).toMatch(/longer than \d+ bytes/u);
    expect(error.attempts).toBe(1);
    expect(server.requests).toHaveLength(1);
    await expect.poll(() => server.open).toBe(0);
    return {
      happened: 'LMInvalidResponseError at the limit, the connection is cut, memory stays below twice the limit',
      attempts: 1,
    };
  });
}
