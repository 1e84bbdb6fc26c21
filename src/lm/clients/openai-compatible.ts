import { LMClosedError, type LMErrorDetails, MissingApiKeyError } from '../../core/errors/lm-errors';
import { InvalidOptionError } from '../../core/errors/option-errors';
import { type CallScope, LM, type LMCapabilities, type LMStats } from '../../core/ports/lm';
import type { LMOptions, LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import { wallClockMs } from '../../core/util/clock';
import { capabilitiesOf } from './capabilities';
import { type Endpoint, endpointOf } from './endpoint';
import { HttpClient } from './http';
import { chatCompletionsBody, type MaxTokensField } from './openai/chat-request';
import { failureOf, readChatCompletion } from './openai/chat-response';
import { isReasoningModel } from './openai/reasoning-models';
import { type Redact, redactorOf } from './redact';
import { headerOf, retryAfterOf, shouldRetryOf } from './retry-after';

export interface OpenAICompatibleOptions {
  /** The model's name as the server knows it. */
  readonly model: string;
  /** Where the server is, without `/chat/completions`; default `https://api.openai.com/v1`. */
  readonly baseUrl?: string;
  /** The key. It is kept out of every error, log and request key. */
  readonly apiKey?: string;
  /** Environment variable that holds the key, read at each call; default `OPENAI_API_KEY` for OpenAI itself, none for others. */
  readonly apiKeyEnv?: string;
  /** Further headers; their values are treated as secrets. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Query parameters of every request, for gateways that need one; treated as secrets. */
  readonly query?: Readonly<Record<string, string>>;
  /** OpenAI's organization and project, when the key belongs to several. */
  readonly organization?: string;
  readonly project?: string;
  /** Generation options that apply unless predictor or call say otherwise. */
  readonly defaults?: LMOptions;
  /** What the model can do; default from a small table, where everything unknown is false. */
  readonly capabilities?: Partial<LMCapabilities>;
  /** How the length of the answer is bounded on the wire; default by the model's name. */
  readonly maxTokensField?: MaxTokensField;
  /** Time for one request, in milliseconds; default 300,000. A call may bring its own. */
  readonly deadlineMs?: number;
  /** Time until the answer begins, in milliseconds; default 120,000. */
  readonly firstByteMs?: number;
  /** Time to connect, in milliseconds; default 10,000. */
  readonly connectTimeoutMs?: number;
  /** Longest body of an answer, in bytes; default 64 MiB. */
  readonly maxResponseBytes?: number;
  /** Most sockets at a time; default 256. */
  readonly connections?: number;
}

const OPTIONS: readonly (keyof OpenAICompatibleOptions)[] = [
  'model',
  'baseUrl',
  'apiKey',
  'apiKeyEnv',
  'headers',
  'query',
  'organization',
  'project',
  'defaults',
  'capabilities',
  'maxTokensField',
  'deadlineMs',
  'firstByteMs',
  'connectTimeoutMs',
  'maxResponseBytes',
  'connections',
];
const OPENAI_URL = 'https://api.openai.com/v1';

/**
 * Any server that speaks OpenAI's chat completions: OpenAI, Ollama, vLLM, LM Studio, llama.cpp, OpenRouter and many more.
 * The bare client: one request a call, an own pool of sockets, no retries, no cache; `composeLM` puts those around it.
 */
export class OpenAICompatible extends LM {
  readonly model: string;
  readonly endpoint: string;
  readonly defaults: LMOptions;
  readonly capabilities: LMCapabilities;
  readonly #options: OpenAICompatibleOptions;
  readonly #to: Endpoint;
  readonly #http: HttpClient;
  #inFlight = 0;
  #requests = 0;
  #closing: Promise<void> | undefined;
  #redactor: { readonly key: string | undefined; readonly redact: Redact } | undefined;

  /** Throws `UnknownOptionError` or `InvalidOptionError`; opens no connection. */
  constructor(options: OpenAICompatibleOptions) {
    super();
    const owner = 'OpenAICompatible';
    checkOptions(owner, options, OPTIONS);
    if (typeof options.model !== 'string' || options.model === '') {
      throw new InvalidOptionError(owner, 'model', options.model, "the model's name");
    }
    for (const name of ['deadlineMs', 'firstByteMs', 'connectTimeoutMs', 'maxResponseBytes', 'connections'] as const) {
      const value = options[name];
      if (value !== undefined) wholeNumber(owner, name, value, 1);
    }
    const { defaults = {} } = options;
    if (isReasoningModel(options.model) && ![undefined, 1].includes(defaults.temperature)) {
      throw new InvalidOptionError(owner, 'temperature', defaults.temperature, `1 or absent for ${options.model}`);
    }
    this.#options = { ...options, headers: { ...options.headers } };
    this.#to = endpointOf(owner, options.baseUrl ?? OPENAI_URL, options.query);
    this.model = options.model;
    this.endpoint = this.#to.base;
    this.defaults = Object.freeze({ ...defaults });
    this.capabilities = Object.freeze({ ...capabilitiesOf(this.#to, options.model), ...options.capabilities });
    this.#http = new HttpClient({
      connectTimeoutMs: options.connectTimeoutMs ?? 10_000,
      maxResponseBytes: options.maxResponseBytes ?? 64 * 1024 * 1024,
      connections: options.connections ?? 256,
    });
  }

  async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    scope.signal?.throwIfAborted();
    const details: LMErrorDetails = { model: this.model, endpoint: this.endpoint };
    if (this.#closing !== undefined) throw new LMClosedError('The client was closed.', details);
    const key = this.#apiKey(details);
    const { deadlineMs = 300_000, firstByteMs = 120_000, maxTokensField } = this.#options;
    this.#inFlight += 1;
    this.#requests += 1;
    try {
      const answer = await this.#http.post({
        origin: this.#to.origin,
        path: this.#to.path,
        headers: this.#headers(key),
        body: chatCompletionsBody(request, maxTokensField),
        signal: scope.signal,
        deadlineMs: scope.deadlineMs ?? deadlineMs,
        firstByteMs,
        about: details,
      });
      const { status, text } = answer;
      const redact = this.#redactorFor(key);
      const requestId = headerOf(answer.headers, 'x-request-id') ?? headerOf(answer.headers, 'request-id');
      const about: LMErrorDetails = {
        ...details,
        ...(requestId === undefined ? {} : { requestId: redact(requestId) }),
      };
      if (status === 200) return readChatCompletion(text, { status, about, redact });
      throw failureOf(text, { status, about: { ...about, ...waitOf(answer.headers) }, redact });
    } finally {
      this.#inFlight -= 1;
    }
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

  #apiKey(details: LMErrorDetails): string | undefined {
    const { apiKey, apiKeyEnv, headers = {} } = this.#options;
    // A key read from a file often ends with a newline, which no header can carry.
    if (apiKey !== undefined) return apiKey.trim();
    const variable = apiKeyEnv ?? (this.#to.isOpenAI ? 'OPENAI_API_KEY' : undefined);
    if (variable === undefined) return undefined;
    const key = process.env[variable]?.trim();
    if (key !== undefined && key !== '') return key;
    if (Object.keys(headers).some((name) => /^(authorization|api-key|x-api-key)$/iu.test(name))) return undefined;
    throw new MissingApiKeyError(variable, details);
  }

  #redactorFor(key: string | undefined): Redact {
    const { headers = {}, query = {} } = this.#options;
    if (this.#redactor === undefined || this.#redactor.key !== key) {
      this.#redactor = { key, redact: redactorOf([key, ...Object.values(headers), ...Object.values(query)]) };
    }
    return this.#redactor.redact;
  }

  #headers(key: string | undefined): Record<string, string> {
    const { organization, project, headers } = this.#options;
    return {
      'content-type': 'application/json',
      accept: 'application/json',
      'user-agent': 'dspex',
      ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
      ...(organization === undefined ? {} : { 'openai-organization': organization }),
      ...(project === undefined ? {} : { 'openai-project': project }),
      ...headers,
    };
  }
}

function waitOf(headers: Parameters<typeof retryAfterOf>[0]): LMErrorDetails {
  const retryAfterMs = retryAfterOf(headers, wallClockMs());
  const shouldRetry = shouldRetryOf(headers);
  return {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    ...(shouldRetry === undefined ? {} : { shouldRetry }),
  };
}
