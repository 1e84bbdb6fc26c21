import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { checkOptions } from '../../core/util/check-options';
import { parseJson } from '../../core/util/json';
import { type MockRequestBody, type MockScript, replyBody, replyEvents, scriptedReply } from './mock-reply';

export interface MockServerOptions {
  /** What it answers; default: every output field that the prompt asks for, filled with its own name. */
  readonly respond?: MockScript;
  /** Wait before every reply, in milliseconds; default 0. */
  readonly latencyMs?: number;
}

/** One request as the mock saw it. */
export interface MockRequest {
  readonly path: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: MockRequestBody;
}

/** A running mock; close it when done. */
export interface MockServer extends AsyncDisposable {
  /** The base URL for a client, `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  /** Every request so far, in order of arrival; empty it to count anew. */
  readonly requests: MockRequest[];
  /** The most requests that were open at one moment. */
  readonly maxInFlight: number;
  /** Cuts what is open and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a server on the loopback interface that speaks OpenAI's chat completions from a script, whole or streamed word by
 * word: for tests, examples and benchmarks, without a model and without a network. It takes a free port.
 */
export async function startMockServer(options: MockServerOptions = {}): Promise<MockServer> {
  checkOptions('startMockServer', options, ['respond', 'latencyMs']);
  const requests: MockRequest[] = [];
  const timers = new Set<NodeJS.Timeout>();
  let inFlight = 0;
  let maxInFlight = 0;
  let count = 0;

  const wait = (ms: number) =>
    new Promise<void>((resolve) => {
      const timer = setTimeout(() => {
        timers.delete(timer);
        resolve();
      }, ms);
      timers.add(timer);
    });

  const handle = async (request: IncomingMessage, response: ServerResponse) => {
    const text = await readText(request);
    const path = request.url ?? '/';
    if (request.method !== 'POST' || !/\/chat\/completions(\?|$)/u.test(path)) {
      send(response, 404, { 'content-type': 'application/json' }, '{"error":{"message":"no such path"}}');
      return;
    }
    const body = parseJson(text) as MockRequestBody;
    const index = count++;
    requests.push({ path, headers: request.headers, body });
    const reply = await scriptedReply(options.respond, body, index);
    const delayMs = (options.latencyMs ?? 0) + (reply.delayMs ?? 0);
    if (delayMs > 0) await wait(delayMs);
    if (reply.cut === 'connection') {
      request.socket.resetAndDestroy();
      return;
    }
    const events = replyEvents(reply, body, index);
    if (events !== undefined) {
      const stream = { 'content-type': 'text/event-stream', 'x-request-id': `mock-${index}`, ...reply.headers };
      response.writeHead(reply.status ?? 200, stream);
      const kept = reply.cut === 'body' ? events.slice(0, events.length / 2) : events;
      for (const event of kept) {
        response.write(`data: ${event}\n\n`);
        if (reply.pieceMs !== undefined) await wait(reply.pieceMs);
      }
      if (reply.cut === 'body') response.write('', () => request.socket.destroy());
      else response.end();
      return;
    }
    const content = replyBody(reply, body, index);
    const headers = { 'content-type': 'application/json', 'x-request-id': `mock-${index}`, ...reply.headers };
    if (reply.cut === 'body') {
      response.writeHead(reply.status ?? 200, { ...headers, 'content-length': Buffer.byteLength(content) });
      response.write(content.slice(0, content.length / 2), () => request.socket.destroy());
      return;
    }
    send(response, reply.status ?? 200, headers, content);
  };

  const server = createServer((request, response) => {
    inFlight += 1;
    maxInFlight = Math.max(maxInFlight, inFlight);
    response.once('close', () => {
      inFlight -= 1;
    });
    handle(request, response).catch((error: unknown) => {
      // A script that throws is told to the client, so that the test shows it.
      if (response.headersSent) response.destroy();
      else
        send(response, 500, {}, JSON.stringify({ error: { message: `the mock's script failed: ${String(error)}` } }));
    });
  });
  server.keepAliveTimeout = 60_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', 2048, resolve);
  });
  const { port } = server.address() as AddressInfo;

  const close = () =>
    new Promise<void>((resolve) => {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    get maxInFlight() {
      return maxInFlight;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function send(response: ServerResponse, status: number, headers: Readonly<Record<string, string>>, body: string): void {
  response.writeHead(status, { ...headers, 'content-length': Buffer.byteLength(body) });
  response.end(body);
}

async function readText(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('utf8');
}
