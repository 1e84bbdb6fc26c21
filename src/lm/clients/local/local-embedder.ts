import { basename, resolve } from 'node:path';
import { ContextWindowExceededError, LMClosedError, LMInvalidRequestError } from '../../../core/errors/lm-errors';
import { Embedder, type EmbedderStats } from '../../../core/ports/embedder';
import type { CallScope } from '../../../core/ports/lm';
import type { Embedding, EmbedResponse } from '../../../core/primitives/embedding';
import { FREE } from '../../../core/primitives/price';
import { NO_USAGE } from '../../../core/primitives/usage';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { underScope } from './call-signal';
import type { LocalLMOptions } from './local-options';
import { loadVectorRuntime, type VectorRuntime } from './runtime';
import { DEFAULT_WEIGHTS, isModelUri } from './weights/known-weights';
import { resolveModel } from './weights/resolve-weights';
import { weightsReporter } from './weights/weights-reporter';

export interface LocalEmbedderOptions
  extends Pick<LocalLMOptions, 'threads' | 'modelsFolder' | 'offline' | 'progress'> {
  /** Most tokens of one text; default 2048, never more than the model was trained for. */
  readonly contextSize?: number;
}

/**
 * Vectors of texts from a model on this machine's own processor, by node-llama-cpp (an optional package). Give it the weights of an
 * embedding model; without any it takes those of `LocalLM`, whose vectors (576 numbers) are those of a small chat model: fine for trying
 * things out, not measured for search. One text at a time; what waits longest comes first.
 */
export class LocalEmbedder extends Embedder {
  readonly model: string;
  readonly endpoint: string;
  override readonly batchSize = 32;
  override readonly price = FREE;
  private readonly given: string | undefined;
  private readonly options: LocalEmbedderOptions;
  private runtime: Promise<VectorRuntime> | undefined;
  /** The end of the queue: the runtime takes one text at a time. */
  private turn: Promise<unknown> = Promise.resolve();
  private inFlight = 0;
  private requests = 0;
  private closing: Promise<void> | undefined;

  /** Nothing is read, fetched or loaded here. Throws `UnknownOptionError` or `InvalidOptionError`. */
  constructor(model?: string, options: LocalEmbedderOptions = {}) {
    super();
    checkOptions('LocalEmbedder', options, ['threads', 'modelsFolder', 'offline', 'progress', 'contextSize']);
    if (options.threads !== undefined) wholeNumber('LocalEmbedder', 'threads', options.threads, 1);
    if (options.contextSize !== undefined) wholeNumber('LocalEmbedder', 'contextSize', options.contextSize, 16);
    this.given = model;
    this.options = options;
    this.model = model === undefined ? DEFAULT_WEIGHTS.name : basename(model).replace(/\.gguf$/, '');
    this.endpoint =
      model === undefined
        ? `local:sha256:${DEFAULT_WEIGHTS.sha256}`
        : `local:${isModelUri(model) ? model : resolve(model)}`;
  }

  async embed(texts: readonly string[], scope: CallScope = {}): Promise<EmbedResponse> {
    const empty = texts.findIndex((text) => typeof text !== 'string' || text === '');
    if (empty >= 0)
      throw new LMInvalidRequestError(`Text ${empty} of the texts to embed is empty or no text.`, this.names());
    this.inFlight += 1;
    try {
      return await underScope(scope, (signal) => this.answer(texts, signal));
    } finally {
      this.inFlight -= 1;
    }
  }

  stats(): EmbedderStats {
    return { inFlight: this.inFlight, queued: 0, requests: this.requests, cacheHits: 0, shared: 0, breaker: 'none' };
  }

  /** Lets the text at work finish, turns waiting ones away, and frees the model's memory and threads. */
  close(): Promise<void> {
    this.closing ??= this.dispose();
    return this.closing;
  }

  private async answer(texts: readonly string[], signal: AbortSignal): Promise<EmbedResponse> {
    const runtime = await this.ready();
    this.requests += 1;
    const vectors: Embedding[] = [];
    let inputTokens = 0;
    for (const text of texts) {
      const tokens = runtime.tokens(text);
      if (tokens > runtime.contextSize) {
        throw new ContextWindowExceededError(
          `A text has ${tokens} tokens, the context holds ${runtime.contextSize}. Split it, or use a larger contextSize.`,
          this.names(),
        );
      }
      inputTokens += tokens;
      vectors.push(Object.freeze(await this.queued(() => runtime.vector(text), signal)));
    }
    return Object.freeze({ vectors: Object.freeze(vectors), usage: { ...NO_USAGE, calls: 1, inputTokens } });
  }

  private queued<T>(work: () => Promise<T>, signal: AbortSignal): Promise<T> {
    const next = this.turn.then(() => {
      signal.throwIfAborted();
      if (this.closing !== undefined) throw this.closedError();
      return work();
    });
    this.turn = next.catch(() => undefined);
    return next;
  }

  private ready(): Promise<VectorRuntime> {
    if (this.closing !== undefined) return Promise.reject(this.closedError());
    this.runtime ??= this.start().catch((error: unknown) => {
      this.runtime = undefined;
      throw error;
    });
    return this.runtime;
  }

  private async start(): Promise<VectorRuntime> {
    const { modelsFolder, offline, progress = weightsReporter(), contextSize = 2048, threads } = this.options;
    const path = await resolveModel(this.given, {
      ...(modelsFolder === undefined ? {} : { folder: modelsFolder }),
      ...(offline === undefined ? {} : { offline }),
      ...(progress === false ? {} : { report: progress }),
    });
    return loadVectorRuntime(path, { contextSize, threads });
  }

  private async dispose(): Promise<void> {
    await this.turn;
    const runtime = await this.runtime?.catch(() => undefined);
    await runtime?.dispose();
  }

  private closedError(): LMClosedError {
    return new LMClosedError('The local embedder was closed.', this.names());
  }

  private names() {
    return { model: this.model, endpoint: this.endpoint };
  }
}
