import { randomUUID } from 'node:crypto';
import { LMClosedError, type LMErrorDetails } from '../../core/errors/lm-errors';
import { type CallScope, LM, type LMCapabilities, type LMStats, NO_CAPABILITIES } from '../../core/ports/lm';
import type { LMOptions, LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import type { Price } from '../../core/primitives/price';
import { inSpan } from '../../core/settings/in-span';
import { Credentials } from './credentials';
import { type Endpoint, pathAt } from './endpoint';
import { HttpClient, type HttpPost } from './http';
import { AnswerReader, REQUEST_ID } from './http/answer-reader';
import { httpOptionsOf } from './http/connection-options';
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
  readonly #provider: string;
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
    this.#provider = providerAt(parts.endpoint.origin) ?? new URL(parts.endpoint.origin).host;
    this.#http = new HttpClient(httpOptionsOf(options));
    this.#namesRequests = Object.hasOwn(this.#credentials.headers, REQUEST_ID);
  }

  async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    scope.signal?.throwIfAborted();
    const details: LMErrorDetails = { provider: this.#provider, model: this.model, endpoint: this.endpoint };
    if (this.#closing !== undefined) throw new LMClosedError('The client was closed.', details);
    const key = this.#credentials.key(details);
    const { format, endpoint } = this.#parts;
    const { deadlineMs = 300_000, firstByteMs = 120_000, idleMs = 30_000 } = this.#options;
    checkRequest(request, this.#known, details);
    const onDelta = this.capabilities.streaming === false ? undefined : scope.onDelta;
    const streaming = onDelta !== undefined;
    const headers = this.#headers(key, streaming);
    const post: HttpPost = {
      origin: endpoint.origin,
      path: pathAt(endpoint, format.path(request, streaming)),
      headers,
      body: wellFormed(format.body(request, streaming)),
      signal: scope.signal,
      deadlineMs: scope.deadlineMs ?? deadlineMs,
      firstByteMs,
      idleMs: streaming ? idleMs : undefined,
      about: details,
    };
    const reader = new AnswerReader({
      format,
      onDelta,
      about: details,
      redact: this.#credentials.redactor(key),
      sentId: this.#namesRequests ? undefined : headers[REQUEST_ID],
    });
    this.#inFlight += 1;
    this.#requests += 1;
    try {
      return await inSpan(
        'attempt',
        () => ({ model: this.model, endpoint: this.endpoint, streaming, bytesOut: Buffer.byteLength(post.body) }),
        () => this.#http.exchange(post, (answer) => reader.read(answer)),
        () => reader.facts(),
      );
    } catch (error) {
      throw reader.brokenOff(error);
    } finally {
      this.#inFlight -= 1;
    }
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

  #headers(key: string | undefined, streaming: boolean): Record<string, string> {
    return {
      'content-type': 'application/json',
      accept: streaming ? 'text/event-stream, application/json' : 'application/json',
      'user-agent': 'dspex',
      ...(this.#namesRequests ? {} : { [REQUEST_ID]: randomUUID() }),
      ...this.#parts.format.headers(key),
      ...this.#parts.headers,
      ...this.#credentials.headers,
    };
  }
}
