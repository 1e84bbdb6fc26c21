import { createServer, type Socket } from 'node:net';
import { setTimeout as wait } from 'node:timers/promises';
import { type FaultRequest, RequestReader } from './fault-request';

/** What a script does with one request: everything down to the bytes. */
export interface FaultExchange {
  readonly request: FaultRequest;
  /** The connection itself, for what has no method here. */
  readonly socket: Socket;
  /** Aborts when the client or the server closes the connection; `pause` listens to it. */
  readonly signal: AbortSignal;
  /** Sends bytes as they are; resolves when they were handed to the system. */
  write(bytes: string | Uint8Array): Promise<void>;
  /** Sends the head of a response. Without `content-length` or `transfer-encoding` the body ends with the connection. */
  head(status: number, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Sends a whole response with its length; a body that is no text is sent as JSON. */
  reply(status: number, body: unknown, headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Sends the head of an event stream, chunked. */
  stream(headers?: Readonly<Record<string, string>>): Promise<void>;
  /** Sends one chunk of a chunked body: an event's text is `data: ...\n\n`. */
  chunk(bytes: string | Uint8Array): Promise<void>;
  /** Sends one event whose data is this JSON or this text, as a chunk. */
  event(data: unknown, name?: string): Promise<void>;
  /** Ends a chunked body; the connection stays. */
  endChunks(): Promise<void>;
  /** Waits, and rejects when the connection is closed. */
  pause(ms: number): Promise<void>;
  /** Closes in order (FIN). */
  end(): void;
  /** Cuts the connection (RST). */
  reset(): void;
}

/** What a fault server does with the request of that number, counted from 0 over all connections. */
export type FaultScript = (exchange: FaultExchange, index: number) => void | Promise<void>;

export interface FaultServerOptions {
  /** Called for each connection before anything is read of it; may reset it, or never read. */
  readonly onConnection?: (socket: Socket, index: number) => void;
}

/** A running fault server; close it when done. */
export interface FaultServer extends AsyncDisposable {
  /** The base URL for a client, `http://127.0.0.1:PORT/v1`. */
  readonly url: string;
  /** Every request so far, in order of arrival. */
  readonly requests: FaultRequest[];
  /** Connections so far, and those that are open now. */
  readonly connections: number;
  readonly open: number;
  /** Errors that a script threw, other than those of a closed connection. A test should find none. */
  readonly scriptErrors: readonly unknown[];
  close(): Promise<void>;
}

/**
 * Starts a server on the loopback interface that speaks raw TCP by script: it can break, stall, lie and mutter in every way that a
 * proper HTTP server refuses to. For tests of clients; takes a free port.
 */
export async function startFaultServer(script: FaultScript, options: FaultServerOptions = {}): Promise<FaultServer> {
  const sockets = new Set<Socket>();
  const requests: FaultRequest[] = [];
  const scriptErrors: unknown[] = [];
  let connections = 0;
  // Without it a small write can wait 40 ms for the acknowledgement of the one before.
  const server = createServer({ noDelay: true }, (socket) => {
    sockets.add(socket);
    const closed = new AbortController();
    socket.on('error', () => {});
    socket.on('close', () => {
      sockets.delete(socket);
      closed.abort(new Error('the connection is closed'));
    });
    const number = connections++;
    options.onConnection?.(socket, number);
    const reader = new RequestReader();
    let turn = Promise.resolve();
    socket.on('data', (bytes) => {
      for (const request of reader.push(bytes)) {
        const index = requests.push(request) - 1;
        turn = turn
          .then(() => script(exchangeOn(socket, request, closed.signal), index))
          .catch((error) => {
            if (!closed.signal.aborted) scriptErrors.push(error);
            socket.destroy();
          });
      }
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', 4096, resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address !== null ? address.port : 0;
  const close = () =>
    new Promise<void>((resolve) => {
      server.close(() => resolve());
      for (const socket of sockets) socket.destroy();
    });
  return {
    url: `http://127.0.0.1:${port}/v1`,
    requests,
    scriptErrors,
    get connections() {
      return connections;
    },
    get open() {
      return sockets.size;
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

function exchangeOn(socket: Socket, request: FaultRequest, signal: AbortSignal): FaultExchange {
  const write = (bytes: string | Uint8Array) =>
    new Promise<void>((resolve, reject) => {
      if (signal.aborted) reject(signal.reason);
      else socket.write(bytes, (error) => (error ? reject(error) : resolve()));
    });
  const head = (status: number, headers: Readonly<Record<string, string>> = {}) =>
    write(
      `HTTP/1.1 ${status} Mock\r\n${Object.entries(headers)
        .map(([name, value]) => `${name}: ${value}\r\n`)
        .join('')}\r\n`,
    );
  const chunk = async (bytes: string | Uint8Array) => {
    const body = Buffer.from(bytes);
    if (body.length > 0) await write(Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, CRLF]));
  };
  return {
    request,
    socket,
    signal,
    write,
    head,
    reply: async (status, body, headers = {}) => {
      const text = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body));
      const length = String(text.length);
      await head(status, { 'content-type': 'application/json', ...headers, 'content-length': length });
      await write(text);
    },
    stream: (headers = {}) =>
      head(200, { 'content-type': 'text/event-stream', ...headers, 'transfer-encoding': 'chunked' }),
    chunk,
    event: (data, name) =>
      chunk(
        `${name === undefined ? '' : `event: ${name}\n`}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`,
      ),
    endChunks: () => write('0\r\n\r\n'),
    pause: (ms) => wait(ms, undefined, { signal, ref: false }),
    end: () => void socket.end(),
    reset: () => socket.resetAndDestroy(),
  };
}

const CRLF = Buffer.from('\r\n');
