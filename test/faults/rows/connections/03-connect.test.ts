import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect } from 'vitest';
import { LMTimeoutError } from '../../../../src/core/errors/lm-errors';
import type { LM } from '../../../../src/core/ports/lm';
import { ask, bareClient, failureOf } from '../../calls';
import { faultRow } from '../../matrix/fault-row';
import { startRawServer } from '../../raw-server';

const LIMIT_MS = 150;

/** The time a call took to fail for want of a connection: the best of a few, because the machine may be busy. */
async function timeToFail(lm: LM): Promise<number> {
  let best = Number.POSITIVE_INFINITY;
  for (let round = 0; round < 5 && best > LIMIT_MS + 50; round += 1) {
    const startedAt = performance.now();
    const error = await failureOf(ask(lm, { deadlineMs: 60_000 }));
    const ms = performance.now() - startedAt;
    expect(error).toBeInstanceOf(LMTimeoutError);
    expect(error.details.providerCode).toBe('UND_ERR_CONNECT_TIMEOUT');
    expect(ms).toBeGreaterThan(LIMIT_MS - 5);
    best = Math.min(best, ms);
  }
  return best;
}

faultRow(3, 'a TLS handshake that is never answered', async (context) => {
  const server = context.use(await startRawServer(() => {}));
  const lm = bareClient(context, server.url.replace('http:', 'https:'), { connectTimeoutMs: LIMIT_MS });
  await ask(lm, { signal: AbortSignal.abort(new Error('only to load undici')) }).catch(() => {});
  const ms = await timeToFail(lm);
  expect(ms).toBeLessThan(LIMIT_MS + 50);
  await expect.poll(server.open).toBe(0);
  return {
    happened: `LMTimeoutError when connectTimeoutMs was over, within 50 ms of it, of 60 s for the call`,
    attempts: 0,
  };
});

/** A listener that accepts nothing, on a thread that sleeps; its queue is full, so that the system answers nothing either. */
const DEAF = `
  const { parentPort } = require('node:worker_threads');
  const server = require('node:net').createServer();
  server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
    parentPort.postMessage(server.address().port);
    setImmediate(() => Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20_000));
  });
`;

faultRow(3, 'a TCP connection that is never answered', async (context) => {
  const worker = new Worker(DEAF, { eval: true });
  context.after(() => worker.terminate());
  const [port] = (await once(worker, 'message')) as [number];
  const filling: Socket[] = [];
  context.after(() => filling.forEach((socket) => void socket.destroy()));
  for (let count = 0; count < 8; count += 1) {
    filling.push(connect(port, '127.0.0.1').on('error', () => {}));
  }
  await new Promise((resolve) => setTimeout(resolve, 50));
  const lm = bareClient(context, `http://127.0.0.1:${port}/v1`, { connectTimeoutMs: LIMIT_MS });
  const ms = await timeToFail(lm);
  expect(ms).toBeLessThan(LIMIT_MS + 50);
  return { happened: 'LMTimeoutError when connectTimeoutMs was over, within 50 ms of it', attempts: 0 };
});

faultRow(3, 'a call that is aborted while it connects', async (context) => {
  const server = context.use(await startRawServer(() => {}));
  const lm = bareClient(context, server.url.replace('http:', 'https:'));
  const controller = new AbortController();
  const call = failureOf(ask(lm, { signal: controller.signal }));
  await expect.poll(server.open).toBe(1);
  const reason = new Error('enough');
  controller.abort(reason);
  expect(await call).toBe(reason);
  // The client is still open: the socket went because nobody waited for it any more.
  await expect.poll(server.open).toBe(0);
  return { happened: "rejects with the caller's reason, and the half-open socket is gone", attempts: 0 };
});
