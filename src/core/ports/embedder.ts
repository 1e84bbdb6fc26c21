import type { EmbedResponse } from '../primitives/embedding';
import type { Price } from '../primitives/price';
import type { CallScope } from './lm';

/** Counters of one embedder. */
export interface EmbedderStats {
  readonly inFlight: number;
  readonly queued: number;
  /** Requests that reached the provider; each carries a batch of texts. */
  readonly requests: number;
  /** Texts that were answered by the cache. */
  readonly cacheHits: number;
  /** Texts that shared the request of an equal text in flight. */
  readonly shared: number;
  readonly breaker: 'closed' | 'open' | 'half-open' | 'none';
}

/**
 * Turns texts into vectors (DSPy: `dspy.Embedder`): a port, and its own DI token. `embed` may be called concurrently and with any
 * number of texts; it rejects with an `LMError` or the signal's reason, and after `close()` with `LMClosedError`.
 */
export abstract class Embedder {
  /** The model's name as the provider knows it. */
  abstract readonly model: string;
  /** Where the model lives; part of the key of every cached vector. */
  abstract readonly endpoint: string;
  /** Most texts of one request; default 200, as in DSPy. */
  readonly batchSize: number = 200;
  /** What the model costs; `undefined` where nobody knows. */
  readonly price: Price | undefined = undefined;

  /** One vector for each text, in their order. */
  abstract embed(texts: readonly string[], scope?: CallScope): Promise<EmbedResponse>;

  abstract stats(): EmbedderStats;

  /** Drains what is in flight and releases sockets, memory and threads. */
  abstract close(): Promise<void>;

  /** `await using embedder = ...` closes it at the end of the block. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.close();
  }
}
