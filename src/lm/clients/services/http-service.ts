import { LMClosedError, type LMErrorDetails } from '../../../core/errors/lm-errors';
import type { CallScope } from '../../../core/ports/lm';
import { Credentials } from '../credentials';
import { type Endpoint, pathAt } from '../endpoint';
import { HttpClient } from '../http';
import { requestIdOf, waitOf } from '../http/answer-facts';
import { type ConnectionOptions, httpOptionsOf } from '../http/connection-options';
import { failureOf } from '../openai/chat-response';
import type { Exchange } from '../wire/wire-format';

/** Options of a service that is no language model: an embedder, a retriever. */
export interface HttpServiceOptions extends ConnectionOptions {
  /** Where the server is, without the path of the single request; default the provider's own address. */
  readonly baseUrl?: string;
}

/** One request to the service. */
export interface ServiceRequest {
  /** Behind the base URL, with a leading slash and its own query if it has one. */
  readonly path: string;
  /** Sent as JSON by POST; without it the request is a GET. */
  readonly body?: unknown;
}

/** An answer with status 200, and what reading it needs. */
export interface ServiceAnswer extends Exchange {
  readonly text: string;
}

/**
 * A server that answers single requests: own sockets, keys that are kept out of errors, one deadline, typed failures. Embedders
 * and retrievers stand on it.
 */
export class HttpService {
  readonly #options: HttpServiceOptions;
  readonly #endpoint: Endpoint;
  readonly #credentials: Credentials;
  readonly #http: HttpClient;
  readonly #about: LMErrorDetails;
  #inFlight = 0;
  #requests = 0;
  #closing: Promise<void> | undefined;

  /** `model` is how errors call the service; `apiKeyEnv` is where its key is looked up when the options name none. */
  constructor(model: string, endpoint: Endpoint, apiKeyEnv: string | undefined, options: HttpServiceOptions) {
    this.#options = options;
    this.#endpoint = endpoint;
    this.#credentials = new Credentials(options, apiKeyEnv);
    this.#about = { model, endpoint: endpoint.base };
    this.#http = new HttpClient(httpOptionsOf(options));
  }

  /** The answer to one request. Throws a typed `LMError`, or rejects with the signal's reason. */
  async ask({ path, body }: ServiceRequest, scope: CallScope): Promise<ServiceAnswer> {
    scope.signal?.throwIfAborted();
    if (this.#closing !== undefined) throw new LMClosedError('The client was closed.', this.#about);
    const key = this.#credentials.key(this.#about);
    const { deadlineMs = 300_000, firstByteMs = 120_000 } = this.#options;
    const redact = this.#credentials.redactor(key);
    this.#inFlight += 1;
    this.#requests += 1;
    try {
      const request = {
        origin: this.#endpoint.origin,
        path: pathAt(this.#endpoint, path),
        headers: {
          accept: 'application/json',
          'user-agent': 'dspex',
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
          ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
          ...this.#credentials.headers,
        },
        signal: scope.signal,
        deadlineMs: scope.deadlineMs ?? deadlineMs,
        firstByteMs,
        about: this.#about,
      };
      const { status, headers, text } = await this.#http.ask(
        body === undefined ? request : { ...request, body: JSON.stringify(body) },
      );
      const about = { ...this.#about, ...requestIdOf(headers, redact) };
      if (status === 200) return { status, about, redact, text };
      throw failureOf(text, { status, redact, about: { ...about, ...waitOf(headers) } });
    } finally {
      this.#inFlight -= 1;
    }
  }

  /** Requests in flight, and those that were sent. */
  get counts(): { readonly inFlight: number; readonly requests: number } {
    return { inFlight: this.#inFlight, requests: this.#requests };
  }

  /** Waits for the requests in flight, then closes the sockets; later calls reject with `LMClosedError`. */
  close(): Promise<void> {
    this.#closing ??= this.#http.close();
    return this.#closing;
  }
}
