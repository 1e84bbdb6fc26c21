import { randomUUID } from 'node:crypto';
import { LMClosedError, type LMErrorDetails } from '../../core/errors/lm-errors';
import { abortSourceOf } from '../../core/ports/call-scope';
import { type CallScope, LM, type LMCapabilities, type LMStats, NO_CAPABILITIES } from '../../core/ports/lm';
import type { LMOptions, LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import type { Price } from '../../core/primitives/price';
import { inSpan, isTold } from '../../core/settings/in-span';
import { Credentials } from './credentials';
import { type Endpoint, pathAt } from './endpoint';
import { HttpClient } from './http';
import { AnswerReader, type AnswerReaderParts, REQUEST_ID } from './http/answer-reader';
import { httpOptionsOf } from './http/connection-options';
import { RequestHeaders } from './http/request-headers';
import type { HttpRequest } from './http/route';
import type { HttpLMOptions } from './http-lm-options';
import { priceOf } from './prices/price-of';
import { pricedFormat } from './prices/priced-format';
import type { KnownCapabilities } from './provider-table/capabilities';
import { checkRequest } from './provider-table/check-request';
import { providerAt } from './provider-table/providers';
import { wellFormed } from './wire/well-formed';
import type { WireFormat } from './wire/wire-format';

/** What a client brings to `HttpLM`, beside the options its user gave. */
export interface HttpLMParts {
  readonly format: WireFormat;
  readonly endpoint: Endpoint;
  /** What is known of the model; a request that goes against it is refused before it is sent. */
  readonly capabilities: KnownCapabilities;
  /** Environment variable of the key, where the user names none. */
  readonly apiKeyEnv: string | undefined;
  /** Headers of this client, under those of its user. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A language model behind HTTP: one request a call, an own pool of sockets, no retries, no cache; `composeLM` puts those around
 * it. How requests and answers are written is the wire format's business.
 */
export abstract class HttpLM extends LM {
  readonly model: string;
  readonly endpoint: string;
  readonly defaults: LMOptions;
  readonly capabilities: LMCapabilities;
  readonly #options: HttpLMOptions;
  readonly #credentials: Credentials;
  readonly #parts: HttpLMParts;
  readonly #known: KnownCapabilities;
  /** Who is asked, for errors. */
  readonly #about: LMErrorDetails;
  readonly #reading: AnswerReaderParts;
  readonly #headers: RequestHeaders;
  readonly #http: HttpClient;
  /** The user names the requests: then nothing is read from an echo. */
  readonly #namesRequests: boolean;
  readonly #price: Price | undefined;
  #inFlight = 0;
  #requests = 0;
  #closing: Promise<void> | undefined;

  /** Opens no connection. `options` are checked by whoever extends this class. */
  constructor(options: HttpLMOptions, parts: HttpLMParts) {
    super();
    this.#options = options;
    this.#credentials = new Credentials(options, parts.apiKeyEnv);
    this.#price = priceOf(options.model, parts.endpoint.base, options.prices);
    this.#parts = { ...parts, format: pricedFormat(parts.format, this.#price) };
    this.model = options.model;
    this.endpoint = parts.endpoint.base;
    this.defaults = Object.freeze({ ...options.defaults });
    this.#known = { ...parts.capabilities, ...options.capabilities };
    this.capabilities = Object.freeze({ ...NO_CAPABILITIES, ...this.#known });
    const provider = providerAt(parts.endpoint.origin) ?? new URL(parts.endpoint.origin).host;
    this.#about = Object.freeze({ provider, model: this.model, endpoint: this.endpoint });
    this.#reading = { format: this.#parts.format, about: this.#about, over: () => this.#over() };
    this.#http = new HttpClient(httpOptionsOf(options));
    this.#headers = new RequestHeaders({
      forKey: (key) => this.#parts.format.headers(key),
      over: [parts.headers, this.#credentials.headers],
    });
    this.#namesRequests = Object.hasOwn(this.#credentials.headers, REQUEST_ID);
  }

  // No async function: its frame and its promises would live as long as the request, thousands of times at once.
  generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    try {
      return this.#send(request, scope);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  #send(request: LMRequest, scope: CallScope): Promise<LMResponse> {
    const signal = abortSourceOf(scope);
    if (signal?.aborted) throw signal.reason;
    const details = this.#about;
    if (this.#closing !== undefined) throw new LMClosedError('The client was closed.', details);
    const key = this.#credentials.key(details);
    const { format, endpoint } = this.#parts;
    const { deadlineMs = 300_000, firstByteMs = 120_000, idleMs = 30_000 } = this.#options;
    checkRequest(request, this.#known, details);
    const onDelta = this.capabilities.streaming === false ? undefined : scope.onDelta;
    const streaming = onDelta !== undefined;
    const headers = this.#headers.for(key, streaming);
    const sentId = this.#namesRequests ? undefined : randomUUID();
    const post: HttpRequest & { readonly body: string } = {
      origin: endpoint.origin,
      path: pathAt(endpoint, format.path(request, streaming)),
      headers: sentId === undefined ? { ...headers } : { ...headers, [REQUEST_ID]: sentId },
      body: wellFormed(format.body(request, streaming)),
      signal,
      deadlineMs: scope.deadlineMs ?? deadlineMs,
      firstByteMs,
      idleMs: streaming ? idleMs : undefined,
      about: details,
    };
    const reader = new AnswerReader(this.#reading, this.#credentials.redactor(key), sentId, onDelta);
    this.#inFlight += 1;
    this.#requests += 1;
    if (!isTold('attempt')) return this.#http.exchange(post, reader);
    return inSpan(
      'attempt',
      () => ({ model: this.model, endpoint: this.endpoint, streaming, bytesOut: Buffer.byteLength(post.body) }),
      () => this.#http.exchange(post, reader),
      () => reader.facts(),
    );
  }

  override get price(): Price | undefined {
    return this.#price;
  }

  /** Waits for the requests in flight, then closes the sockets; later calls reject with `LMClosedError`. */
  close(): Promise<void> {
    this.#closing ??= this.#http.close();
    return this.#closing;
  }

  stats(): LMStats {
    return {
      inFlight: this.#inFlight,
      queued: 0,
      requests: this.#requests,
      cacheHits: 0,
      shared: 0,
      breaker: 'none',
    };
  }

  #over(): void {
    this.#inFlight -= 1;
  }
}
