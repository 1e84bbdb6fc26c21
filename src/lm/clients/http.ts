import { EventEmitter } from 'node:events';
import type { LookupFunction } from 'node:net';
import type { Agent, Dispatcher } from 'undici';
import {
  type LMErrorDetails,
  LMInvalidRequestError,
  LMInvalidResponseError,
  LMTimeoutError,
  LMTransportError,
} from '../../core/errors/lm-errors';
import { monotonicMs } from '../../core/util/clock';
import { onAbort } from '../../core/util/on-abort';
import { MAX_TIMER_MS } from '../resilience/deadline';
import type { HeaderFields } from './retry-after';

export interface HttpOptions {
  /** Longest wait for a connection, in milliseconds. */
  readonly connectTimeoutMs: number;
  /** Most bytes of a response body. */
  readonly maxResponseBytes: number;
  /** Most sockets at a time. */
  readonly connections: number;
  /** Resolves the names of hosts; default is the system's way. An error of it is passed on as it is. */
  readonly lookup?: LookupFunction | undefined;
}

export interface HttpRequest {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborting rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Time for the whole exchange, in milliseconds. */
  readonly deadlineMs: number;
  /** Time until the head of the response, in milliseconds. */
  readonly firstByteMs: number;
  /** Who asks, for errors. */
  readonly about: LMErrorDetails;
}

interface HttpHead {
  readonly status: number;
  readonly headers: HeaderFields;
}

export interface HttpResponse extends HttpHead {
  readonly text: string;
}

export interface HttpDownload extends HttpHead {
  readonly bytes: Uint8Array;
}

/** What of a request is sent beside its headers. */
interface Sent {
  readonly method: 'GET' | 'POST';
  readonly body: string | null;
}

type Body = Dispatcher.ResponseData['body'];

const asText = (body: Body) => body.text();
const asBytes = (body: Body) => body.bytes();

/** The only user of undici: requests over HTTP with an own pool of sockets, one deadline, a bound on the body, typed errors. */
export class HttpClient {
  readonly #options: HttpOptions;
  #opening: Promise<Agent> | undefined;
  #agent: Agent | undefined;

  constructor(options: HttpOptions) {
    this.#options = options;
  }

  /** Sends one POST and reads the whole answer. Redirects are answers like any other: credentials never travel on. */
  async post(request: HttpRequest & { readonly body: string }): Promise<HttpResponse> {
    const { content, ...head } = await this.#send(request, { method: 'POST', body: request.body }, asText);
    return { ...head, text: content };
  }

  /** Sends one GET and reads the whole answer, which may be a redirect: it is not followed. */
  async get(request: HttpRequest): Promise<HttpDownload> {
    const { content, ...head } = await this.#send(request, { method: 'GET', body: null }, asBytes);
    return { ...head, bytes: content };
  }

  async #send<T>(
    request: HttpRequest,
    sent: Sent,
    read: (body: Body) => Promise<T>,
  ): Promise<HttpHead & { readonly content: T }> {
    const { signal, deadlineMs, firstByteMs, about } = request;
    signal?.throwIfAborted();
    const startedMs = monotonicMs();
    // undici takes an emitter for a signal, at a fraction of an AbortController's cost.
    const cut = new EventEmitter();
    let stopped = false;
    return new Promise((resolve, reject) => {
      // One timer of our own: undici's are coarse (a limit of 60 ms fires after 700).
      const expireAfter = (ms: number, what: string) =>
        setTimeout(() => stop(new LMTimeoutError(`${what}.`, about)), Math.min(Math.max(0, ms), MAX_TIMER_MS)).unref();
      const whole = `no complete answer within ${Math.round(deadlineMs)} ms`;
      const early = deadlineMs > firstByteMs;
      let timer = early
        ? expireAfter(firstByteMs, `no first byte within ${firstByteMs} ms`)
        : expireAfter(deadlineMs, whole);
      const settle = () => {
        stopped = true;
        clearTimeout(timer);
        unlisten?.();
      };
      // Rejects at once: undici would first finish what it is at, for example connecting.
      const stop = (error: unknown) => {
        settle();
        reject(error);
        cut.emit('abort');
      };
      const unlisten = signal && onAbort(signal, () => stop(signal.reason));
      const onHead = () => {
        if (stopped || !early) return;
        clearTimeout(timer);
        timer = expireAfter(deadlineMs - (monotonicMs() - startedMs), whole);
      };
      this.#exchange(request, sent, read, cut, () => stopped, onHead).then(
        (response) => {
          settle();
          resolve(response);
        },
        (error) => {
          settle();
          reject(this.#typed(error, request));
        },
      );
    });
  }

  async #exchange<T>(
    { origin, path, headers, deadlineMs, firstByteMs }: HttpRequest,
    sent: Sent,
    read: (body: Body) => Promise<T>,
    signal: EventEmitter,
    stopped: () => boolean,
    onHead: () => void,
  ): Promise<HttpHead & { readonly content: T }> {
    const agent = this.#agent ?? (await this.#open());
    if (stopped()) throw new Error('stopped while undici was loading');
    const response = await agent.request({
      origin,
      path,
      headers,
      ...sent,
      signal,
      // A little behind our own timer, instead of undici's 300 s.
      headersTimeout: coarse(Math.min(deadlineMs, firstByteMs)),
      bodyTimeout: coarse(deadlineMs),
    });
    onHead();
    return { status: response.statusCode, headers: response.headers, content: await read(response.body) };
  }

  /** Waits for what is in flight, then closes the sockets. */
  async close(): Promise<void> {
    await (await this.#opening)?.close();
  }

  /** undici takes a tenth of a second to load: not before the first request, so that importing dspex stays quick. */
  #open(): Promise<Agent> {
    this.#opening ??= import('undici').then(({ Agent }) => {
      const { connectTimeoutMs, maxResponseBytes, connections, lookup } = this.#options;
      this.#agent = new Agent({
        connections,
        pipelining: 1,
        keepAliveTimeout: 30_000,
        connect: { timeout: connectTimeoutMs, ...(lookup === undefined ? {} : { lookup }) },
        maxResponseSize: maxResponseBytes,
      });
      return this.#agent;
    });
    return this.#opening;
  }

  #typed(error: unknown, { origin, about }: HttpRequest): Error {
    const code = codeOf(error);
    const details: LMErrorDetails = { ...about, providerCode: code, cause: error };
    switch (code) {
      case 'UND_ERR_RES_EXCEEDED_MAX_SIZE':
        return new LMInvalidResponseError(
          `The answer of ${origin} is longer than ${this.#options.maxResponseBytes} bytes.`,
          {
            ...details,
            shouldRetry: false,
          },
        );
      case 'UND_ERR_INVALID_ARG':
        return new LMInvalidRequestError('A header or the key holds a character that HTTP does not allow.', about);
      case 'UND_ERR_HEADERS_TIMEOUT':
      case 'UND_ERR_BODY_TIMEOUT':
      case 'UND_ERR_CONNECT_TIMEOUT':
      case 'ETIMEDOUT':
        return new LMTimeoutError(`${origin} did not answer in time (${code}).`, details);
    }
    const message = error instanceof Error ? error.message : String(error);
    const failed = `The connection to ${origin} failed (${code}): ${message}. ${remedyFor(code)}`.trimEnd();
    // What is wrong with a certificate stays wrong; nothing is ever tried without it.
    return new LMTransportError(failed, isTlsCode(code) ? { ...details, shouldRetry: false } : details);
  }
}

/** undici's own timers run in steps of about half a second. */
function coarse(ms: number): number {
  return Math.min(Math.ceil(ms) + 1000, MAX_TIMER_MS);
}

function codeOf(error: unknown): string {
  if (error instanceof AggregateError) return codeOf(error.errors[0]);
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' ? code : 'unknown';
}

function isTlsCode(code: string): boolean {
  return /CERT|^ERR_TLS|^ERR_SSL|^EPROTO$|^UNABLE_TO_|^HOSTNAME_MISMATCH$/u.test(code);
}

function remedyFor(code: string): string {
  if (code === 'ECONNREFUSED') return 'Is the server running, and is baseUrl right?';
  if (code === 'ENOTFOUND' || code === 'EAI_AGAIN') return 'Is the host name in baseUrl right, and is there a network?';
  if (isTlsCode(code)) return 'The certificate of the server could not be trusted.';
  return '';
}
