import { basename, resolve } from 'node:path';
import {
  ContextWindowExceededError,
  LMClosedError,
  LMError,
  LMInvalidRequestError,
  LMServerError,
} from '../../../core/errors/lm-errors';
import type { Adapter } from '../../../core/ports/adapter';
import { type CallScope, LM, type LMCapabilities, type LMStats } from '../../../core/ports/lm';
import type { OnDelta } from '../../../core/primitives/lm-delta';
import type { LMOptions, LMRequest } from '../../../core/primitives/lm-request';
import type { LMResponse } from '../../../core/primitives/lm-response';
import { FREE, type Price } from '../../../core/primitives/price';
import { NO_USAGE } from '../../../core/primitives/usage';
import { JSONAdapter } from '../../adapters/json-adapter';
import { untilAborted } from '../../resilience/deadline';
import { underScope } from './call-signal';
import { type PromptWriter, promptWriter } from './chat-prompt';
import { type CompletedText, complete } from './complete';
import { anyObjectGrammar, schemaGrammar } from './grammar/schema-grammar';
import { type LocalLMOptions, type SettledLocalOptions, settleOptions } from './local-options';
import { Runtime, type Sequence } from './runtime';
import { samplingOf } from './sampling';
import { type Lease, SequencePool } from './sequence-pool';
import { DEFAULT_WEIGHTS, isModelUri } from './weights/known-weights';
import { resolveModel } from './weights/resolve-weights';
import { weightsReporter } from './weights/weights-reporter';

interface Engine {
  readonly runtime: Runtime;
  readonly pool: SequencePool<Sequence>;
  readonly write: PromptWriter;
}

/**
 * A language model on this machine's own processor, by node-llama-cpp (an optional package). `new LocalLM()` is a small free
 * model that is fetched once, at first use; `new LocalLM('path/to.gguf')` or a model-hub URI is any other.
 *
 * Requests share the work of common prompt beginnings, so demonstrations are computed once. `responseFormat` becomes a
 * grammar that the answer cannot leave. Temperature 0 replays; across different concurrency near-ties may fall otherwise,
 * with `sequences: 1` they do not. The model sees the messages of the request and nothing else (no default system prompt).
 */
export class LocalLM extends LM {
  readonly model: string;
  readonly endpoint: string;
  readonly defaults: LMOptions;
  readonly capabilities: LMCapabilities = Object.freeze({
    jsonMode: true,
    jsonSchema: true,
    functionCalling: false,
    reasoning: false,
    streaming: true,
  });

  private readonly given: string | undefined;
  private readonly options: SettledLocalOptions;
  private adapter: Adapter | undefined;
  private engine: Promise<Engine> | undefined;
  private loaded: Engine | undefined;
  private closed = false;
  private inFlight = 0;
  private requests = 0;

  /** Nothing is read, fetched or loaded here. Throws `UnknownOptionError` or `InvalidOptionError`. */
  constructor(model?: string, options: LocalLMOptions = {}) {
    super();
    this.given = model;
    this.options = settleOptions(options);
    this.defaults = this.options.defaults;
    this.adapter = options.preferredAdapter;
    if (model === undefined) {
      this.model = DEFAULT_WEIGHTS.name;
      this.endpoint = `local:sha256:${DEFAULT_WEIGHTS.sha256}`;
    } else {
      this.model = basename(model).replace(/\.gguf$/, '');
      this.endpoint = `local:${isModelUri(model) ? model : resolve(model)}`;
    }
  }

  override get preferredAdapter(): Adapter {
    this.adapter ??= new JSONAdapter();
    return this.adapter;
  }

  /** Fetches and loads the model now rather than with the first request. Rejects with a `LocalModelError`. */
  async load(): Promise<void> {
    await this.ready();
  }

  async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    if (this.closed) throw this.closedError();
    this.checkRequest(request);
    this.inFlight += 1;
    try {
      return await underScope(scope, (signal) => this.answer(request, signal, scope.onDelta));
    } finally {
      this.inFlight -= 1;
    }
  }

  override get price(): Price {
    return FREE;
  }

  stats(): LMStats {
    const queued = this.loaded?.pool.queued ?? 0;
    return {
      inFlight: this.inFlight - queued,
      queued,
      requests: this.requests,
      cacheHits: 0,
      shared: 0,
      breaker: 'none',
    };
  }

  /** Lets running requests finish, turns waiting ones away, and frees the model's memory and threads. */
  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    const engine = await this.engine?.catch(() => undefined);
    await engine?.pool.close();
    await engine?.runtime.dispose();
  }

  override [Symbol.asyncDispose](): Promise<void> {
    return this.close();
  }

  private async answer(request: LMRequest, signal: AbortSignal, onDelta?: OnDelta): Promise<LMResponse> {
    const { runtime, pool, write } = await this.ready();
    const prompt = write(request.messages);
    const { maxTokens = 256, n = 1, stop = [], logprobs = false } = request.options;
    const room = runtime.contextSize - prompt.length - 1;
    if (room < 1) throw this.tooLong(prompt.length, runtime.contextSize);
    const grammarText = this.grammarOf(request.options);
    const grammar = grammarText === undefined ? undefined : await runtime.grammar(grammarText);

    const lease = await pool.acquire(prompt, signal);
    return this.guarded(lease, signal, async () => {
      this.requests += 1;
      const texts: CompletedText[] = [];
      for (let index = 0; index < n; index++) {
        const sampling = samplingOf(request, index);
        const onText = onDelta && ((text: string) => untilAborted(Promise.resolve(onDelta({ index, text })), signal));
        const order = { prompt, sampling, maxTokens: Math.min(maxTokens, room), stop, logprobs, signal, onText };
        texts.push(await complete(runtime, lease.sequence, grammar === undefined ? order : { ...order, grammar }));
      }
      return this.response(prompt.length, texts);
    });
  }

  private async guarded<T>(lease: Lease<Sequence>, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (error) {
      if (signal.aborted || error instanceof LMError || !(error instanceof Error)) throw error;
      throw new LMServerError(`The local model failed: ${error.message}`, { ...this.names(), cause: error });
    } finally {
      lease.release();
    }
  }

  private response(inputTokens: number, texts: readonly CompletedText[]): LMResponse {
    return Object.freeze({
      model: this.model,
      completions: Object.freeze(texts.map(({ completion }) => Object.freeze(completion))),
      usage: Object.freeze({
        ...NO_USAGE,
        calls: 1,
        inputTokens,
        outputTokens: texts.reduce((sum, { outputTokens }) => sum + outputTokens, 0),
        cachedInputTokens: texts[0]?.reusedTokens ?? 0,
      }),
      cached: false,
      attempts: 1,
    });
  }

  private grammarOf({ responseFormat }: LMOptions): string | undefined {
    if (responseFormat === undefined) return undefined;
    return responseFormat.type === 'json_schema'
      ? schemaGrammar(responseFormat.schema, this.options)
      : anyObjectGrammar(this.options);
  }

  private ready(): Promise<Engine> {
    if (this.closed) return Promise.reject(this.closedError());
    this.engine ??= this.start().catch((error: unknown) => {
      this.engine = undefined;
      throw error;
    });
    return this.engine;
  }

  private async start(): Promise<Engine> {
    const { modelsFolder, offline, progress = weightsReporter(), sequences, contextSize, threads } = this.options;
    const path = await resolveModel(this.given, {
      ...(modelsFolder === undefined ? {} : { folder: modelsFolder }),
      ...(offline === undefined ? {} : { offline }),
      ...(progress === false ? {} : { report: progress }),
    });
    const runtime = await Runtime.load(path, { sequences, contextSize, threads });
    const pool = new SequencePool<Sequence>(runtime.sequences, (sequence) => sequence.contextTokens);
    this.loaded = { runtime, pool, write: promptWriter(runtime) };
    return this.loaded;
  }

  private checkRequest({ messages, options }: LMRequest): void {
    const problem =
      messages.length === 0
        ? 'The request has no messages.'
        : messages.some(({ content }) => Array.isArray(content) && content.some(({ type }) => type !== 'text'))
          ? 'The local model reads text only; a message holds something else.'
          : (options.maxTokens ?? 1) < 1 || (options.n ?? 1) < 1
            ? "'maxTokens' and 'n' must be at least 1."
            : undefined;
    if (problem !== undefined) throw new LMInvalidRequestError(problem, this.names());
  }

  private tooLong(promptTokens: number, contextSize: number): ContextWindowExceededError {
    return new ContextWindowExceededError(
      `The prompt has ${promptTokens} tokens, the context holds ${contextSize} with the answer. ` +
        'Use fewer or shorter demonstrations, or a larger `contextSize`.',
      this.names(),
    );
  }

  private closedError(): LMClosedError {
    return new LMClosedError('The local model was closed.', this.names());
  }

  private names() {
    return { model: this.model, endpoint: this.endpoint };
  }
}
