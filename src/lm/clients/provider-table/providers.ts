import type { ServerQuirks } from '../openai/server-format';

/** A family of wire formats. */
export type WireFamily = 'chat' | 'responses' | 'anthropic' | 'gemini' | 'azure';

/** A provider as `lm('provider/model')` knows it. */
export interface Provider {
  /** How it is spoken to. */
  readonly wire: WireFamily;
  /** Absent where every customer has an address of their own. */
  readonly baseUrl?: string;
  /** Environment variable of its key; absent where no key is needed. */
  readonly apiKeyEnv?: string;
  /** What is different from OpenAI's own chat completions. */
  readonly quirks?: ServerQuirks;
}

/**
 * Usual addresses, key variables and quirks as of November 2026, written down without asking the servers. The options of a client
 * (`baseUrl`, `apiKeyEnv`, `maxTokensField`, `unsupported`, ...) override whatever has changed since.
 */
export const PROVIDERS: Readonly<Record<string, Provider>> = Object.freeze({
  openai: { wire: 'chat', baseUrl: 'https://api.openai.com/v1', apiKeyEnv: 'OPENAI_API_KEY' },
  openrouter: { wire: 'chat', baseUrl: 'https://openrouter.ai/api/v1', apiKeyEnv: 'OPENROUTER_API_KEY' },
  groq: {
    wire: 'chat',
    baseUrl: 'https://api.groq.com/openai/v1',
    apiKeyEnv: 'GROQ_API_KEY',
    quirks: { unsupported: ['n', 'logprobs'] },
  },
  together: { wire: 'chat', baseUrl: 'https://api.together.xyz/v1', apiKeyEnv: 'TOGETHER_API_KEY' },
  fireworks: { wire: 'chat', baseUrl: 'https://api.fireworks.ai/inference/v1', apiKeyEnv: 'FIREWORKS_API_KEY' },
  deepseek: {
    wire: 'chat',
    baseUrl: 'https://api.deepseek.com/v1',
    apiKeyEnv: 'DEEPSEEK_API_KEY',
    quirks: { maxTokensField: 'max_tokens', unsupported: ['n', 'seed', 'parallelToolCalls'] },
  },
  mistral: {
    wire: 'chat',
    baseUrl: 'https://api.mistral.ai/v1',
    apiKeyEnv: 'MISTRAL_API_KEY',
    // It tells the usage of a stream unasked, and refuses members that it does not know.
    quirks: { maxTokensField: 'max_tokens', streamUsage: false, seedField: 'random_seed', unsupported: ['logprobs'] },
  },
  xai: { wire: 'chat', baseUrl: 'https://api.x.ai/v1', apiKeyEnv: 'XAI_API_KEY' },
  cerebras: {
    wire: 'chat',
    baseUrl: 'https://api.cerebras.ai/v1',
    apiKeyEnv: 'CEREBRAS_API_KEY',
    quirks: { unsupported: ['n', 'frequencyPenalty', 'presencePenalty'] },
  },
  ollama: {
    wire: 'chat',
    baseUrl: 'http://localhost:11434/v1',
    quirks: { maxTokensField: 'max_tokens', unsupported: ['n', 'toolChoice', 'parallelToolCalls'] },
  },
  vllm: { wire: 'chat', baseUrl: 'http://localhost:8000/v1' },
  lmstudio: {
    wire: 'chat',
    baseUrl: 'http://localhost:1234/v1',
    quirks: { maxTokensField: 'max_tokens', unsupported: ['n'] },
  },
  llamacpp: { wire: 'chat', baseUrl: 'http://localhost:8080/v1', quirks: { maxTokensField: 'max_tokens' } },
  'openai-responses': { wire: 'responses', baseUrl: 'https://api.openai.com/v1', apiKeyEnv: 'OPENAI_API_KEY' },
  azure: { wire: 'azure', apiKeyEnv: 'AZURE_OPENAI_API_KEY' },
  anthropic: { wire: 'anthropic', baseUrl: 'https://api.anthropic.com/v1', apiKeyEnv: 'ANTHROPIC_API_KEY' },
  gemini: {
    wire: 'gemini',
    baseUrl: 'https://generativelanguage.googleapis.com/v1beta',
    apiKeyEnv: 'GEMINI_API_KEY',
  },
});

const BY_HOST: ReadonlyMap<string, string> = new Map(
  Object.entries(PROVIDERS).flatMap(([name, { baseUrl }]): [string, string][] =>
    // OpenAI is one provider, however it is spoken to. Ports of one's own machine tell nothing.
    baseUrl === undefined || baseUrl.startsWith('http:') || name === 'openai-responses'
      ? []
      : [[new URL(baseUrl).hostname, name]],
  ),
);

/** The provider at an address; `undefined` for a server that is not in the table. */
export function providerAt(origin: string): string | undefined {
  const { hostname } = new URL(origin);
  if (hostname.endsWith('.openai.azure.com')) return 'azure';
  return BY_HOST.get(hostname);
}
