import { UnknownProviderError } from '../../core/errors/lm-errors';
import { InvalidOptionError } from '../../core/errors/option-errors';
import type { LM } from '../../core/ports/lm';
import { nameLM } from '../../core/settings/environment';
import { Anthropic, type AnthropicOptions } from './anthropic/anthropic';
import { COMPOSE_OPTIONS, type ComposeOptions, composeLM } from './compose';
import { Gemini, type GeminiOptions } from './gemini/gemini';
import { AzureOpenAI, type AzureOpenAIOptions } from './openai/azure-openai';
import { OpenAIResponses, type OpenAIResponsesOptions } from './openai/openai-responses';
import { OpenAICompatible, type OpenAICompatibleOptions } from './openai-compatible';
import { PROVIDERS, type WireFamily } from './provider-table/providers';

/** Options of `lm('openai/...')`: either protocol of OpenAI. */
export type OpenAIOptions =
  | (OpenAICompatibleOptions & { readonly api?: 'chat' })
  | (OpenAIResponsesOptions & { readonly api: 'responses' });

type ByName<Options> = Options extends unknown ? Omit<Options, 'model'> & ComposeOptions : never;

/** The options of `lm(name)` where the compiler knows the provider: those of its client and of the layers around it. */
export type LMOptionsFor<Name extends string> = string extends Name
  ? LMByNameOptions
  : Name extends `anthropic/${string}`
    ? ByName<AnthropicOptions>
    : Name extends `gemini/${string}`
      ? ByName<GeminiOptions>
      : Name extends `azure/${string}`
        ? ByName<AzureOpenAIOptions>
        : Name extends `openai-responses/${string}`
          ? ByName<OpenAIResponsesOptions>
          : Name extends `openai/${string}`
            ? ByName<OpenAIOptions>
            : ByName<OpenAICompatibleOptions>;

/** Options of any client and of the layers around it. `model` is in the name. */
export type LMByNameOptions = ByName<
  OpenAIOptions | OpenAIResponsesOptions | AzureOpenAIOptions | AnthropicOptions | GeminiOptions
>;

type Given = Readonly<Record<string, unknown>>;

/** The client of each family. Every one checks its options for itself. */
const CLIENTS: Readonly<
  Record<WireFamily, (options: Given & { readonly model: string }, provider: string | undefined) => LM>
> = {
  chat: (options, provider) => new OpenAICompatible(options, provider),
  responses: (options) => new OpenAIResponses(options),
  azure: (options) => new AzureOpenAI(options),
  anthropic: (options) => new Anthropic(options),
  gemini: (options) => new Gemini(options),
};

/**
 * A composed client by name: `lm('openai/gpt-5-mini')`, `lm('anthropic/claude-opus-4-8')`, `lm('ollama/llama3.2')`. The key comes from
 * the provider's own environment variable. With `baseUrl` any server will do, and the name may then be the bare model; the provider's
 * key is not sent to such a server unless `apiKey` or `apiKeyEnv` says so. (DSPy: `dspy.LM`.)
 *
 * Throws `UnknownProviderError`, `UnknownOptionError` or `InvalidOptionError`; opens no connection.
 */
export function lm<const Name extends string>(name: Name, options?: LMOptionsFor<Name>): LM {
  if (typeof name !== 'string' || name === '') {
    throw new InvalidOptionError('lm', 'name', name, "a name such as 'openai/gpt-5-mini'");
  }
  const { api, ...given }: Given = { ...options };
  const asked = providerIn(name);
  if (asked === undefined && given['baseUrl'] === undefined)
    throw new UnknownProviderError(name, Object.keys(PROVIDERS));
  const model = asked === undefined ? name : name.slice(asked.length + 1);
  if (model === '') throw new InvalidOptionError('lm', 'name', name, `a model behind '${asked}/'`);
  const provider = withApi(asked, api);

  const row = provider === undefined ? undefined : PROVIDERS[provider];
  const layers: Record<string, unknown> = {};
  const client: Record<string, unknown> = {};
  if (row !== undefined && given['baseUrl'] === undefined) {
    if (row.baseUrl !== undefined) client['baseUrl'] = row.baseUrl;
    if (row.apiKeyEnv !== undefined) client['apiKeyEnv'] = row.apiKeyEnv;
  }
  for (const [option, value] of Object.entries(given)) {
    if (value === undefined) continue;
    const target = (COMPOSE_OPTIONS as readonly string[]).includes(option) ? layers : client;
    target[option] = value;
  }
  // Whatever stands at another address speaks as OpenAI does, but what it can do is its own business.
  const elsewhere = given['baseUrl'] !== undefined;
  const known = elsewhere && provider === 'openai' ? undefined : provider;
  const made = composeLM(CLIENTS[row?.wire ?? 'chat']({ ...client, model }, known), layers);
  // Of another server, or of a dated protocol, the name alone says too little to make the same client again.
  return elsewhere || given['apiVersion'] !== undefined ? made : nameLM(made, `${provider}/${model}`);
}

function providerIn(name: string): string | undefined {
  const prefix = name.slice(0, Math.max(0, name.indexOf('/')));
  return Object.hasOwn(PROVIDERS, prefix) ? prefix : undefined;
}

/** OpenAI speaks two protocols; the other one is a row of its own. */
function withApi(provider: string | undefined, api: unknown): string | undefined {
  if (api === undefined || (provider === 'openai' && api === 'chat')) return provider;
  if (provider === 'openai' && api === 'responses') return 'openai-responses';
  throw new InvalidOptionError('lm', 'api', api, "'chat' or 'responses', for names that begin with 'openai/'");
}
