import { LMInvalidRequestError } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { Embedder, type EmbedderStats } from '../../../core/ports/embedder';
import type { CallScope } from '../../../core/ports/lm';
import type { EmbedResponse } from '../../../core/primitives/embedding';
import { type Price, priced } from '../../../core/primitives/price';
import { NO_USAGE } from '../../../core/primitives/usage';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { endpointOf } from '../endpoint';
import { CONNECTION_OPTIONS, checkConnectionOptions } from '../http/connection-options';
import { checkPrices, type Prices, priceOf } from '../prices/price-of';
import { HttpService, type HttpServiceOptions } from '../services/http-service';
import { readEmbeddings } from './read-embeddings';

export interface OpenAIEmbedderOptions extends HttpServiceOptions {
  /** The model's name as the server knows it, for example `text-embedding-3-small`. */
  readonly model: string;
  /** Numbers of a vector, for models that can shorten them; default is the model's own. */
  readonly dimensions?: number;
  /** Most texts of one request; default 200, as in DSPy. */
  readonly batchSize?: number;
  /** Prices of one's own, in US dollars per million tokens; default the list prices. */
  readonly prices?: Prices;
}

const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * Any server that speaks OpenAI's `/embeddings`: OpenAI, Ollama, vLLM, LM Studio, llama.cpp and more. The bare client, one request a
 * call; `composeEmbedder` puts batching, cache, retries and breaker around it.
 */
export class OpenAIEmbedder extends Embedder {
  readonly model: string;
  readonly endpoint: string;
  override readonly batchSize: number;
  override readonly price: Price | undefined;
  readonly #dimensions: number | undefined;
  readonly #service: HttpService;

  /** Throws `UnknownOptionError` or `InvalidOptionError`; opens no connection. */
  constructor(options: OpenAIEmbedderOptions) {
    super();
    const owner = 'OpenAIEmbedder';
    checkOptions(owner, options, [...CONNECTION_OPTIONS, 'model', 'baseUrl', 'dimensions', 'batchSize', 'prices']);
    checkConnectionOptions(owner, options);
    const { model, dimensions, batchSize = 200 } = options;
    if (typeof model !== 'string' || model === '')
      throw new InvalidOptionError(owner, 'model', model, "the model's name");
    this.#dimensions = dimensions === undefined ? undefined : wholeNumber(owner, 'dimensions', dimensions, 1);
    this.batchSize = wholeNumber(owner, 'batchSize', batchSize, 1);
    const endpoint = endpointOf(owner, options.baseUrl ?? OPENAI_URL, options.query);
    if (options.prices !== undefined) checkPrices(owner, options.prices);
    this.price = priceOf(model, endpoint.base, options.prices);
    this.model = model;
    // Vectors of another length are other vectors: the cache must tell them apart.
    this.endpoint = dimensions === undefined ? endpoint.base : `${endpoint.base}#dimensions=${dimensions}`;
    this.#service = new HttpService(model, endpoint, endpoint.isOpenAI ? 'OPENAI_API_KEY' : undefined, options);
  }

  async embed(texts: readonly string[], scope: CallScope = {}): Promise<EmbedResponse> {
    const empty = texts.findIndex((text) => typeof text !== 'string' || text === '');
    if (empty >= 0) {
      const message = `Text ${empty} of the texts to embed is empty or no text; no model takes that.`;
      const error = new LMInvalidRequestError(message, { model: this.model, endpoint: this.endpoint });
      error.attempts = 0;
      throw error;
    }
    if (texts.length === 0) return { vectors: [], usage: NO_USAGE };
    const body = { model: this.model, input: texts, dimensions: this.#dimensions, encoding_format: 'float' };
    const { text, ...exchange } = await this.#service.ask({ path: '/embeddings', body }, scope);
    const { vectors, usage } = readEmbeddings(text, texts.length, exchange);
    return Object.freeze({ vectors, usage: Object.freeze(priced(usage, this.price)) });
  }

  stats(): EmbedderStats {
    return { ...this.#service.counts, queued: 0, cacheHits: 0, shared: 0, breaker: 'none' };
  }

  close(): Promise<void> {
    return this.#service.close();
  }
}
