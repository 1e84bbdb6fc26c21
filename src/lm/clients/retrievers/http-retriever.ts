import { LMInvalidResponseError } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { JsonParseError } from '../../../core/errors/value-errors';
import { type RetrieveOptions, Retriever } from '../../../core/ports/retriever';
import { ambientScope } from '../../../core/settings/ambient-scope';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { parseJson } from '../../../core/util/json';
import { endpointOf } from '../endpoint';
import { CONNECTION_OPTIONS, type ConnectionOptions, checkConnectionOptions } from '../http/connection-options';
import { excerpt } from '../redact';
import { HttpService, type ServiceRequest } from '../services/http-service';
import { readPassages } from './read-passages';

export interface HttpRetrieverOptions extends ConnectionOptions {
  /** Where the server is, for example `http://localhost:8893/api/search`. */
  readonly url: string;
  /** Passages to ask for when a call does not say; default 3, as in DSPy. */
  readonly k?: number;
  /**
   * How a search is asked for; default `GET url?query=...&k=...`, which ColBERTv2 servers take. A request with a `body` is sent as
   * JSON by POST; its path is put behind the URL.
   */
  readonly request?: (query: string, k: number) => ServiceRequest;
  /**
   * The passages in the server's JSON, best first; default reads a list, or one under `topk`, `passages`, `results`, `documents`,
   * `matches` or `hits`, of texts or of objects with a `text`, `long_text`, `content`, `passage` or `document`.
   */
  readonly passages?: (answer: unknown) => readonly string[] | undefined;
}

/** Finds passages by asking a search server over HTTP (DSPy: `dspy.ColBERTv2`). The bare client; `composeRetriever` puts layers around it. */
export class HttpRetriever extends Retriever {
  readonly #options: HttpRetrieverOptions;
  readonly #k: number;
  readonly #service: HttpService;
  /** Where the server is, without credentials and query; part of the key of cached passages. */
  readonly endpoint: string;

  /** Throws `UnknownOptionError` or `InvalidOptionError`; opens no connection. */
  constructor(options: HttpRetrieverOptions) {
    super();
    const owner = 'HttpRetriever';
    checkOptions(owner, options, [...CONNECTION_OPTIONS, 'url', 'k', 'request', 'passages']);
    checkConnectionOptions(owner, options);
    for (const name of ['request', 'passages'] as const) {
      const value = options[name];
      if (value !== undefined && typeof value !== 'function')
        throw new InvalidOptionError(owner, name, value, 'a function');
    }
    this.#k = wholeNumber(owner, 'k', options.k ?? 3, 1);
    this.#options = options;
    const endpoint = endpointOf(owner, options.url, options.query);
    this.endpoint = endpoint.base;
    this.#service = new HttpService('retriever', endpoint, undefined, options);
  }

  async retrieve(query: string, { k = this.#k, ...scope }: RetrieveOptions = {}): Promise<readonly string[]> {
    if (typeof query !== 'string') throw new InvalidOptionError('retrieve', 'query', query, 'a text');
    wholeNumber('retrieve', 'k', k, 1);
    const { request = searchOf, passages = readPassages } = this.#options;
    const { text, about, redact, status } = await this.#service.ask(request(query, k), ambientScope(scope));
    const found = passages(bodyOf(text));
    const readable = Array.isArray(found) && found.every((passage) => typeof passage === 'string');
    if (readable) return Object.freeze(found.slice(0, k));
    const remedy = 'Give the option passages, which reads them from the JSON';
    throw new LMInvalidResponseError(
      `No list of passages in the answer. ${remedy}. It begins: ${excerpt(text, redact)}`,
      {
        ...about,
        status,
        shouldRetry: false,
      },
    );
  }

  /** The request that is sent: another `k` or another collection in its body is another search. */
  searchKey(query: string, k = this.#k): Readonly<Record<string, unknown>> {
    const { path, body } = (this.#options.request ?? searchOf)(query, k);
    return { path, body, k };
  }

  /** Requests in flight, and those that were sent. */
  get counts(): { readonly inFlight: number; readonly requests: number } {
    return this.#service.counts;
  }

  /** Waits for the requests in flight, then closes the sockets. */
  close(): Promise<void> {
    return this.#service.close();
  }

  /** `await using retriever = ...` closes it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}

function searchOf(query: string, k: number): ServiceRequest {
  return { path: `?${new URLSearchParams({ query, k: String(k) }).toString()}` };
}

/** The JSON value of an answer; what is none is left to the reader of passages, which finds nothing in it. */
function bodyOf(text: string): unknown {
  try {
    return parseJson(text);
  } catch (error) {
    if (error instanceof JsonParseError) return undefined;
    throw error;
  }
}
