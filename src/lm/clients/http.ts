import type { LookupFunction, Socket } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import { untilAborted } from '../resilience/deadline';
import { fairTimer, MAX_TIMER_MS } from '../resilience/fair-timer';
import type { AnswerTaker } from './http/answer-taker';
import { textOf } from './http/body/whole-body';
import { Connecting } from './http/connecting';
import { HttpExchange } from './http/exchange';
import { proxyFor } from './http/proxy';
import { type HttpRequest, type Route, UnwantedConnection } from './http/route';
import { type HttpHead, WholeTaker } from './http/whole-taker';

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

export interface HttpResponse extends HttpHead {
  readonly text: string;
}

export interface HttpDownload extends HttpHead {
  /** As they were sent: a packed body is not unpacked. */
  readonly bytes: Uint8Array;
}

type Connector = buildConnector.connector;

/** The only user of undici: requests over HTTP with an own pool of sockets, deadlines, bounds on the body, typed errors. */
export class HttpClient {
  readonly #options: HttpOptions;
  #opening: Promise<Route> | undefined;
  #route: Route | undefined;
  readonly #retired = new Set<Promise<unknown>>();
  readonly #connecting = new Connecting();
  #agent: Dispatcher | undefined;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /** Sends one request and reads the whole answer. Redirects are answers like any other: credentials never travel on. */
  ask(request: HttpRequest): Promise<HttpResponse> {
    return this.exchange(request, new WholeTaker('whole', (head, body) => ({ ...head, text: textOf(body) })));
  }

  /** Sends one GET and reads the whole answer, which may be a redirect: it is not followed. */
  get(request: HttpRequest): Promise<HttpDownload> {
    return this.exchange(request, new WholeTaker('packed', (head, bytes) => ({ ...head, bytes })));
  }

  /**
   * Sends one request and lets `taker` make something of the answer. What that throws is thrown as it is, and the connection is
   * dropped unless the answer is whole. Rejects with a typed `LMError`, or with the signal's reason: at once, whatever undici is at.
   */
  exchange<T>(request: HttpRequest, taker: AnswerTaker<T>): Promise<T> {
    const route = this.#route;
    if (route === undefined || request.signal?.aborted) return this.#exchangeFirst(request, taker);
    return exchangeOver(route, request, taker);
  }

  /** Loading undici takes a while, once; it is not the server's time. */
  async #exchangeFirst<T>(request: HttpRequest, taker: AnswerTaker<T>): Promise<T> {
    let route: Route;
    try {
      if (request.signal?.aborted) throw request.signal.reason;
      route = await untilAborted(this.#open(request.origin), request.signal);
      if (request.signal?.aborted) throw request.signal.reason;
    } catch (error) {
      taker.over();
      throw taker.failed(error);
    }
    return exchangeOver(route, request, taker);
  }

  /** Waits for what is in flight, then closes the sockets. */
  async close(): Promise<void> {
    await this.#opening;
    this.#connecting.endUnwanted();
    await Promise.all([this.#agent?.close(), ...this.#retired]);
  }

  /** Sends nothing new through this agent; what is in flight there comes to its end. undici shows no single connection. */
  #retire(agent: Dispatcher): void {
    if (agent !== this.#agent) return;
    this.#agent = undefined;
    this.#route = undefined;
    this.#opening = undefined;
    const closed = agent.close().finally(() => this.#retired.delete(closed));
    this.#retired.add(closed);
  }

  #open(origin: string): Promise<Route> {
    this.#opening ??= this.#agentFor(origin).then((agent) => {
      this.#agent = agent;
      this.#route = {
        connecting: this.#connecting,
        maxResponseBytes: this.#options.maxResponseBytes,
        send: (request, handler) => {
          try {
            agent.dispatch(request, handler);
          } catch (error) {
            // A `ProxyAgent` throws what it will not send; all others tell the handler.
            handler.onResponseError(undefined, error);
          }
        },
        retire: () => this.#retire(agent),
      };
      return this.#route;
    });
    return this.#opening;
  }

  /** undici takes a tenth of a second to load: not before the first request, so that importing dspex stays quick. */
  async #agentFor(origin: string): Promise<Dispatcher> {
    const { Agent, ProxyAgent, buildConnector, errors } = await import('undici');
    const { connectTimeoutMs: timeout, maxResponseBytes, connections, lookup, ca } = this.#options;
    const limits = { connections, pipelining: 1, keepAliveTimeout: 30_000, maxResponseSize: maxResponseBytes };
    const known = { ...(lookup === undefined ? {} : { lookup }), ...(ca === undefined ? {} : { ca }) };
    const uri = proxyFor(origin, this.#options.proxy);
    if (uri !== undefined) {
      return new ProxyAgent({ ...limits, uri, proxyTls: { timeout, ...known }, requestTls: { timeout, ...known } });
    }
    return new Agent({
      ...limits,
      connect: this.#watched(
        // Far behind our own timer: undici's runs in steps of half a second.
        buildConnector({ ...known, timeout: coarse(timeout) }),
        () => new errors.ConnectTimeoutError(`no connection within ${timeout} ms`),
      ),
    });
  }

  /** Connects with a timer of our own, and can be told to leave it when nobody waits for it any more. */
  #watched(connect: Connector, late: () => Error): Connector {
    return (options, callback) => {
      const done: buildConnector.Callback = (...args) => {
        endTimer();
        stands();
        callback(...args);
      };
      // undici's own connector gives the socket back, though its type does not say so.
      const socket = connect(options, done) as unknown as Socket;
      const stands = this.#connecting.begun(() => void socket.destroy(new UnwantedConnection()));
      const endTimer = fairTimer(this.#options.connectTimeoutMs, () => void socket.destroy(late()));
    };
  }
}

function exchangeOver<T>(route: Route, request: HttpRequest, taker: AnswerTaker<T>): Promise<T> {
  return new Promise((resolve, reject) => void new HttpExchange(route, request, taker, resolve, reject));
}

/** undici's own timers run in steps of about half a second. */
function coarse(ms: number): number {
  return Math.min(Math.ceil(ms) + 1000, MAX_TIMER_MS);
}
