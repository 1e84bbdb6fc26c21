/** A provider that speaks OpenAI's protocol. */
export interface Provider {
  readonly baseUrl: string;
  /** Environment variable of its key; absent where no key is needed. */
  readonly apiKeyEnv?: string;
}

/**
 * The providers that `lm('provider/model')` knows: their usual addresses and key variables as of November 2026, written down
 * without asking the servers. The option `baseUrl` overrides an address that has moved.
 */
export const PROVIDERS: Readonly<Record<string, Provider>> = Object.freeze({
  openai: { baseUrl: 'https://api.openai.com/v1', apiKeyEnv: 'OPENAI_API_KEY' },
  openrouter: { baseUrl: 'https://openrouter.ai/api/v1', apiKeyEnv: 'OPENROUTER_API_KEY' },
  groq: { baseUrl: 'https://api.groq.com/openai/v1', apiKeyEnv: 'GROQ_API_KEY' },
  together: { baseUrl: 'https://api.together.xyz/v1', apiKeyEnv: 'TOGETHER_API_KEY' },
  deepseek: { baseUrl: 'https://api.deepseek.com/v1', apiKeyEnv: 'DEEPSEEK_API_KEY' },
  mistral: { baseUrl: 'https://api.mistral.ai/v1', apiKeyEnv: 'MISTRAL_API_KEY' },
  fireworks: { baseUrl: 'https://api.fireworks.ai/inference/v1', apiKeyEnv: 'FIREWORKS_API_KEY' },
  ollama: { baseUrl: 'http://localhost:11434/v1' },
  vllm: { baseUrl: 'http://localhost:8000/v1' },
  lmstudio: { baseUrl: 'http://localhost:1234/v1' },
  llamacpp: { baseUrl: 'http://localhost:8080/v1' },
});
