import { EventEmitter } from 'node:events';
import type { LookupFunction, Socket } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import { LMTimeoutError } from '../../core/errors/lm-errors';
import { onAbort } from '../../core/util/on-abort';
import { untilAborted } from '../resilience/deadline';
import { fairTimer, MAX_TIMER_MS } from '../resilience/fair-timer';
import { ExchangeClock, type ExchangeLimits } from './http/exchange-clock';
import { proxyFor } from './http/proxy';
import { type RawBody, ResponseBody } from './http/response-body';
import { type FailurePlace, transportFailure } from './http/transport-failure';
import { type HeaderFields, headerOf } from './retry-after';

/** How a client reaches its server. */
export interface HttpOptions {
  /** Longest wait for a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Most bytes of a response body, unpacked. */
  readonly maxResponseBytes: number;
  /** Most sockets at a time. */
  readonly connections: number;
  /** Resolves the names of hosts; default is the system's way. An error of it is passed on as it is. */
  readonly lookup?: LookupFunction | undefined;
  /** URL of a proxy; default the one of the environment (`HTTPS_PROXY` and its like), `false` for none. */
  readonly proxy?: string | false | undefined;
  /** Certificates to trust in place of the system's, in PEM. */
  readonly ca?: string | undefined;
}

export interface HttpRequest extends ExchangeLimits, Omit<FailurePlace, 'maxResponseBytes'> {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
}

/** A request with a body, which is sent by POST. */
export interface HttpPost extends HttpRequest {
  readonly body: string;
}

interface HttpHead {
  readonly status: number;
  readonly headers: HeaderFields;
}

export interface HttpResponse extends HttpHead {
  readonly text: string;
}

export interface HttpDownload extends HttpHead {
  /** As they were sent: a packed body is not unpacked. */
  readonly bytes: Uint8Array;
}

/** An answer whose body was not read yet. */
export interface HttpAnswer extends HttpHead {
  readonly body: ResponseBody;
  /** Says that the connection is out of step with its requests: no later request uses one of those that stand now. */
  distrust(): void;
}

type Connector = buildConnector.connector;

/** Ends a connection in the making that nobody waits for any more. */
class UnwantedConnection extends Error {}

/** The only user of undici: requests over HTTP with an own pool of sockets, deadlines, bounds on the body, typed errors. */
export class HttpClient {
  readonly #options: HttpOptions;
  #opening: Promise<Dispatcher> | undefined;
  #agent: Dispatcher | undefined;
  readonly #retired = new Set<Promise<unknown>>();
  /** Sockets that do not stand yet, with what ends them; and how many exchanges wait for one, or for an answer's head. */
  readonly #connecting = new Set<() => void>();
  #headless = 0;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /** Sends one request and reads the whole answer. Redirects are answers like any other: credentials never travel on. */
  ask(request: HttpRequest | HttpPost): Promise<HttpResponse> {
    return this.exchange(request, async ({ status, headers, body }) => ({ status, headers, text: await body.text() }));
  }

  /** Sends one GET and reads the whole answer, which may be a redirect: it is not followed. */
  get(request: HttpRequest): Promise<HttpDownload> {
    return this.exchange(request, async ({ status, headers, body }) => ({
      status,
      headers,
      bytes: await body.bytes({ packed: true }),
    }));
  }

  /**
   * Sends one request and lets `read` make something of the answer. What `read` throws is thrown as it is, and the connection is
   * dropped. Rejects with a typed `LMError`, or with the signal's reason: at once, whatever undici is at.
   */
  async exchange<T>(request: HttpRequest | HttpPost, read: (answer: HttpAnswer) => Promise<T>): Promise<T> {
    const { signal, about } = request;
    signal?.throwIfAborted();
    // Loading undici takes a while, once; it is not the server's time.
    const agent = this.#agent ?? (await untilAborted(this.#open(request.origin), signal));
    // undici takes an emitter for a signal, at a fraction of an AbortController's cost.
    const cut = new EventEmitter();
    return new Promise((resolve, reject) => {
      const clock = new ExchangeClock(request, (what) => stop(new LMTimeoutError(`${what}.`, about)));
      const settle = () => {
        clock.stop();
        unlisten?.();
      };
      // Rejects at once: undici would first finish what it is at, for example connecting.
      const stop = (error: unknown) => {
        settle();
        reject(error);
        cut.emit('abort');
      };
      const unlisten = signal && onAbort(signal, () => stop(signal.reason));
      this.#exchange(agent, request, read, cut, clock).finally(settle).then(resolve, reject);
    });
  }

  async #exchange<T>(
    agent: Dispatcher,
    request: HttpRequest & { readonly body?: string },
    read: (answer: HttpAnswer) => Promise<T>,
    signal: EventEmitter,
    clock: ExchangeClock,
  ): Promise<T> {
    const { origin, about } = request;
    const place: FailurePlace = { origin, about, maxResponseBytes: this.#options.maxResponseBytes };
    let response: Dispatcher.ResponseData;
    this.#headless += 1;
    const cut = () => this.#giveUpConnecting();
    signal.once('abort', cut);
    try {
      response = await this.#request(agent, request, signal, clock);
    } catch (error) {
      throw transportFailure(error, place);
    } finally {
      signal.off('abort', cut);
      this.#headless -= 1;
    }
    clock.headed();
    const body = new ResponseBody(
      response.body as unknown as RawBody,
      headerOf(response.headers, 'content-encoding'),
      place,
      clock,
    );
    let complete = false;
    try {
      const content = await read({
        status: response.statusCode,
        headers: response.headers,
        body,
        distrust: () => this.#retire(agent),
      });
      complete = true;
      return content;
    } finally {
      body.release({ complete });
    }
  }

  async #request(
    agent: Dispatcher,
    request: HttpRequest & { readonly body?: string },
    signal: EventEmitter,
    clock: ExchangeClock,
  ): Promise<Dispatcher.ResponseData> {
    const { origin, path, headers, body, deadlineMs, firstByteMs } = request;
    try {
      return await agent.request({
        origin,
        path,
        headers,
        method: body === undefined ? 'GET' : 'POST',
        body: body ?? null,
        signal,
        // A little behind our own timer, instead of undici's 300 s.
        headersTimeout: coarse(Math.min(deadlineMs, firstByteMs)),
        bodyTimeout: coarse(deadlineMs),
      });
    } catch (error) {
      // This call came just when the connection was given up, and was sent nowhere yet.
      if (error instanceof UnwantedConnection && clock.running) return this.#request(agent, request, signal, clock);
      throw error;
    }
  }

  /** Waits for what is in flight, then closes the sockets. */
  async close(): Promise<void> {
    const agent = await this.#opening;
    if (this.#headless === 0) this.#endConnecting();
    await Promise.all([agent?.close(), ...this.#retired]);
  }

  /** Sends nothing new through this agent; what is in flight there comes to its end. undici shows no single connection. */
  #retire(agent: Dispatcher): void {
    if (agent !== this.#agent) return;
    this.#agent = undefined;
    this.#opening = undefined;
    const closed = agent.close().finally(() => this.#retired.delete(closed));
    this.#retired.add(closed);
  }

  /** undici takes a tenth of a second to load: not before the first request, so that importing dspex stays quick. */
  #open(origin: string): Promise<Dispatcher> {
    this.#opening ??= import('undici').then(({ Agent, ProxyAgent, buildConnector, errors }) => {
      const { connectTimeoutMs, maxResponseBytes, connections, lookup, ca } = this.#options;
      const limits = { connections, pipelining: 1, keepAliveTimeout: 30_000, maxResponseSize: maxResponseBytes };
      const known = { ...(lookup === undefined ? {} : { lookup }), ...(ca === undefined ? {} : { ca }) };
      const proxy = proxyFor(origin, this.#options.proxy);
      const timeout = connectTimeoutMs;
      this.#agent =
        proxy === undefined
          ? new Agent({
              ...limits,
              connect: this.#watched(
                // Far behind our own timer: undici's runs in steps of half a second.
                buildConnector({ ...known, timeout: coarse(timeout) }),
                () => new errors.ConnectTimeoutError(`no connection within ${timeout} ms`),
              ),
            })
          : new ProxyAgent({
              ...limits,
              uri: proxy,
              proxyTls: { timeout, ...known },
              requestTls: { timeout, ...known },
            });
      return this.#agent;
    });
    return this.#opening;
  }

  /** Connects with a timer of our own, and can be told to leave it when nobody waits for it any more. */
  #watched(connect: Connector, late: () => Error): Connector {
    return (options, callback) => {
      const done: buildConnector.Callback = (...args) => {
        endTimer();
        this.#connecting.delete(end);
        callback(...args);
      };
      // undici's own connector gives the socket back, though its type does not say so.
      const socket = connect(options, done) as unknown as Socket;
      const end = () => void socket.destroy(new UnwantedConnection());
      const endTimer = fairTimer(this.#options.connectTimeoutMs, () => void socket.destroy(late()));
      this.#connecting.add(end);
    };
  }

  /** After a call was stopped: connections in the making are ended if it was the last that could use them. */
  #giveUpConnecting(): void {
    if (this.#headless <= 1) this.#endConnecting();
  }

  #endConnecting(): void {
    for (const end of [...this.#connecting]) end();
  }
}

/** undici's own timers run in steps of about half a second. */
function coarse(ms: number): number {
  return Math.min(Math.ceil(ms) + 1000, MAX_TIMER_MS);
}
