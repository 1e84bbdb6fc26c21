import { getEventListeners } from 'node:events';
import { OpenAICompatible, resilient } from 'dspex/clients';
import { startMockServer } from 'dspex/testing';
import { afterEach, describe, expect, test } from 'vitest';
import {
  type LMError,
  LMInvalidResponseError,
  LMTimeoutError,
  LMTransportError,
} from '../../src/core/errors/lm-errors';
import type { LM } from '../../src/core/ports/lm';
import { closedPort, startRawServer } from './raw-server';

const open: { close(): Promise<void> }[] = [];

afterEach(async () => {
  for (const thing of open.splice(0)) await thing.close();
});

function clientOf(baseUrl: string, options: object = {}): OpenAICompatible {
  const client = new OpenAICompatible({ model: 'm', baseUrl, ...options });
  open.push(client);
  return client;
}

const ask = (lm: LM, scope: { signal?: AbortSignal; deadlineMs?: number } = {}) =>
  lm.generate(lm.createRequest([{ role: 'user', content: 'q' }]), scope);

const failureOf = async (promise: Promise<unknown>) =>
  (await promise.then(
    () => undefined,
    (error) => error,
  )) as LMError;

const HEAD = 'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n';

describe('a connection', () => {
  test('that is refused is a transport error with its code and a remedy', async () => {
    const failure = await failureOf(ask(clientOf(await closedPort())));
    expect(failure).toBeInstanceOf(LMTransportError);
    expect(failure.details.providerCode).toBe('ECONNREFUSED');
    expect(failure.message).toContain('Is the server running');
  });

  test('to a host that does not exist is a transport error', async () => {
    const failure = await failureOf(ask(clientOf('http://does-not-exist.invalid/v1')));
    expect(failure).toBeInstanceOf(LMTransportError);
    expect(failure.details.providerCode).toMatch(/ENOTFOUND|EAI_AGAIN/u);
  });

  test('that is reset before the answer is a transport error', async () => {
    const server = await startRawServer((socket) => socket.resetAndDestroy());
    open.push(server);
    expect(await failureOf(ask(clientOf(server.url)))).toBeInstanceOf(LMTransportError);
  });

  test('whose certificate is not trusted is never tried again', async () => {
    const server = await startRawServer((socket) => socket.end('not tls at all'));
    open.push(server);
    const lm = resilient(clientOf(server.url.replace('http:', 'https:')), { baseDelayMs: 1 });
    const failure = await failureOf(ask(lm));
    expect(failure).toBeInstanceOf(LMTransportError);
    expect(failure.attempts).toBe(1);
    expect(server.connections).toBe(1);
  });
});

describe('a body', () => {
  test.each([0, 1, 20, 59])('that breaks off after %i of its bytes is never taken for an answer', async (bytes) => {
    const body = '{"choices":[{"message":{"content":"yes"},"finish_reason":"stop"}]}';
    const server = await startRawServer((socket) => {
      socket.once('data', () => socket.end(`${HEAD}content-length: ${body.length}\r\n\r\n${body.slice(0, bytes)}`));
    });
    open.push(server);
    expect(await failureOf(ask(clientOf(server.url)))).toBeInstanceOf(LMInvalidResponseError);
  });

  test('that breaks off between two chunks is an invalid answer', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => socket.end(`${HEAD}transfer-encoding: chunked\r\n\r\n5\r\n{"cho\r\n`));
    });
    open.push(server);
    expect(await failureOf(ask(clientOf(server.url)))).toBeInstanceOf(LMInvalidResponseError);
  });

  test('without end is cut off at the limit, and not asked for again', async () => {
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const server = await startRawServer((socket) => {
      socket.once('data', () => {
        socket.write(`${HEAD}transfer-encoding: chunked\r\n\r\n`);
        const pump = () => {
          while (!socket.destroyed && socket.write(chunk));
        };
        socket.on('drain', pump);
        pump();
      });
    });
    open.push(server);
    const failure = await failureOf(ask(resilient(clientOf(server.url, { maxResponseBytes: 100_000 }))));
    expect(failure).toBeInstanceOf(LMInvalidResponseError);
    expect(failure.message).toContain('longer than 100000 bytes');
    expect(server.connections).toBe(1);
  });

  test('of broken UTF-8 is read with replacement characters', async () => {
    const body = Buffer.concat([
      Buffer.from('{"choices":[{"message":{"content":"a'),
      Buffer.from([0xff]),
      Buffer.from('b"},"finish_reason":"stop"}]}'),
    ]);
    const server = await startRawServer((socket) => {
      socket.once('data', () => {
        socket.write(`${HEAD}content-length: ${body.length}\r\n\r\n`);
        socket.end(body);
      });
    });
    open.push(server);
    expect((await ask(clientOf(server.url))).completions[0]?.text).toBe('a\ufffdb');
  });
});

describe('a deadline', () => {
  test('ends a request whose answer does not begin', async () => {
    const server = await startMockServer({ respond: { delayMs: 60_000 } });
    open.push(server);
    const failure = await failureOf(ask(clientOf(server.url), { deadlineMs: 30 }));
    expect(failure).toBeInstanceOf(LMTimeoutError);
    expect(failure.message).toContain('no complete answer within 30 ms');
  });

  test('for the first byte is apart from the deadline of the whole', async () => {
    const server = await startMockServer({ respond: { delayMs: 60_000 } });
    open.push(server);
    const failure = await failureOf(ask(clientOf(server.url, { firstByteMs: 30 })));
    expect(failure.message).toContain('no first byte within 30 ms');
  });

  test('ends an answer that drips', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => {
        socket.write(`${HEAD}content-length: 1000\r\n\r\n`);
        const drip = setInterval(() => socket.write(' '), 5);
        socket.on('close', () => clearInterval(drip));
      });
    });
    open.push(server);
    const failure = await failureOf(ask(clientOf(server.url), { deadlineMs: 60 }));
    expect(failure).toBeInstanceOf(LMTimeoutError);
    await expect.poll(server.open).toBe(0);
  });
});

describe('an abort', () => {
  const reason = new Error('the caller had enough');

  test('before the call sends nothing', async () => {
    const server = await startMockServer();
    open.push(server);
    await expect(ask(clientOf(server.url), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    expect(server.requests).toHaveLength(0);
  });

  test('while the answer is awaited rejects with the reason of the caller and frees the socket', async () => {
    const server = await startRawServer(() => {});
    open.push(server);
    const controller = new AbortController();
    const call = ask(clientOf(server.url), { signal: controller.signal });
    await expect.poll(server.open).toBe(1);
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
    await expect.poll(server.open).toBe(0);
  });

  test('rejects at once also while the call waits for a socket', async () => {
    const server = await startRawServer(() => {});
    open.push(server);
    const client = clientOf(server.url, { connections: 1 });
    const controllers = [new AbortController(), new AbortController()] as const;
    const [first, second] = controllers.map(({ signal }) => failureOf(ask(client, { signal })));
    await expect.poll(server.open).toBe(1);
    controllers[1].abort(reason);
    expect(await second).toBe(reason);
    controllers[0].abort(reason);
    expect(await first).toBe(reason);
  });

  test('in the middle of the body rejects with the reason of the caller', async () => {
    const server = await startRawServer((socket) => {
      socket.once('data', () => socket.write(`${HEAD}content-length: 1000\r\n\r\n{`));
    });
    open.push(server);
    const controller = new AbortController();
    const call = ask(clientOf(server.url), { signal: controller.signal });
    setTimeout(() => controller.abort(reason), 40);
    await expect(call).rejects.toBe(reason);
    await expect.poll(server.open).toBe(0);
  });

  test('signal that lives long keeps no listeners', async () => {
    const server = await startMockServer({ respond: ['a', { status: 500 }, { cut: 'connection' }, 'b'] });
    open.push(server);
    const client = clientOf(server.url);
    const { signal } = new AbortController();
    for (let round = 0; round < 4; round += 1) await failureOf(ask(client, { signal }));
    expect(getEventListeners(signal, 'abort')).toHaveLength(0);
  });
});
