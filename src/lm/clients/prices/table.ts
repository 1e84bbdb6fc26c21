import type { Price } from '../../../core/primitives/price';

/** The list prices of one provider. */
export interface PriceList {
  readonly provider: string;
  /** The host that the prices hold for. */
  readonly host: string;
  /** When they were true, as far as the writer knew: year and month. */
  readonly asOf: string;
  /** Where they come from. */
  readonly source: string;
  /** By the provider's own name of the model; a dated version of it costs the same. */
  readonly models: Readonly<Record<string, Price>>;
}

const SOURCE = 'list price, written down without asking the provider';

/**
 * US dollars per million tokens of the ordinary, immediate service: no batches, no priority, no discounts of one's own. What is not
 * listed is unknown. Where the price of cached input was not known it is left out, and counts as ordinary input.
 */
export const PRICE_LISTS: readonly PriceList[] = [
  {
    provider: 'OpenAI',
    host: 'api.openai.com',
    asOf: '2025-08',
    source: SOURCE,
    models: {
      'gpt-5': { input: 1.25, cachedInput: 0.125, output: 10 },
      'gpt-5-mini': { input: 0.25, cachedInput: 0.025, output: 2 },
      'gpt-5-nano': { input: 0.05, cachedInput: 0.005, output: 0.4 },
      'gpt-4.1': { input: 2, cachedInput: 0.5, output: 8 },
      'gpt-4.1-mini': { input: 0.4, cachedInput: 0.1, output: 1.6 },
      'gpt-4.1-nano': { input: 0.1, cachedInput: 0.025, output: 0.4 },
      'gpt-4o': { input: 2.5, cachedInput: 1.25, output: 10 },
      'gpt-4o-2024-05-13': { input: 5, output: 15 },
      'gpt-4o-mini': { input: 0.15, cachedInput: 0.075, output: 0.6 },
      o1: { input: 15, cachedInput: 7.5, output: 60 },
      o3: { input: 2, cachedInput: 0.5, output: 8 },
      'o3-mini': { input: 1.1, cachedInput: 0.55, output: 4.4 },
      'o4-mini': { input: 1.1, cachedInput: 0.275, output: 4.4 },
      'gpt-4-turbo': { input: 10, output: 30 },
      'gpt-3.5-turbo': { input: 0.5, output: 1.5 },
      'text-embedding-3-small': { input: 0.02, output: 0 },
      'text-embedding-3-large': { input: 0.13, output: 0 },
    },
  },
  {
    provider: 'Anthropic',
    host: 'api.anthropic.com',
    asOf: '2025-11',
    source: SOURCE,
    models: {
      'claude-opus-4-5': { input: 5, cachedInput: 0.5, output: 25 },
      'claude-opus-4-1': { input: 15, cachedInput: 1.5, output: 75 },
      'claude-opus-4': { input: 15, cachedInput: 1.5, output: 75 },
      'claude-sonnet-4-5': {
        ...{ input: 3, cachedInput: 0.3, output: 15 },
        long: { above: 200_000, input: 6, cachedInput: 0.6, output: 22.5 },
      },
      'claude-sonnet-4': {
        ...{ input: 3, cachedInput: 0.3, output: 15 },
        long: { above: 200_000, input: 6, cachedInput: 0.6, output: 22.5 },
      },
      'claude-haiku-4-5': { input: 1, cachedInput: 0.1, output: 5 },
      'claude-3-7-sonnet': { input: 3, cachedInput: 0.3, output: 15 },
      'claude-3-5-haiku': { input: 0.8, cachedInput: 0.08, output: 4 },
      'claude-3-haiku': { input: 0.25, cachedInput: 0.03, output: 1.25 },
    },
  },
  {
    provider: 'Google',
    host: 'generativelanguage.googleapis.com',
    asOf: '2025-09',
    source: `${SOURCE}; text input`,
    models: {
      'gemini-2.5-pro': {
        ...{ input: 1.25, output: 10 },
        long: { above: 200_000, input: 2.5, output: 15 },
      },
      'gemini-2.5-flash': { input: 0.3, output: 2.5 },
      'gemini-2.5-flash-lite': { input: 0.1, output: 0.4 },
      'gemini-2.0-flash': { input: 0.1, output: 0.4 },
      'gemini-2.0-flash-lite': { input: 0.075, output: 0.3 },
    },
  },
  {
    provider: 'DeepSeek',
    host: 'api.deepseek.com',
    asOf: '2025-10',
    source: SOURCE,
    models: {
      'deepseek-chat': { input: 0.28, cachedInput: 0.028, output: 0.42 },
      'deepseek-reasoner': { input: 0.28, cachedInput: 0.028, output: 0.42 },
    },
  },
  {
    provider: 'Mistral',
    host: 'api.mistral.ai',
    asOf: '2025-08',
    source: SOURCE,
    models: {
      'mistral-large-2411': { input: 2, output: 6 },
      'mistral-medium-2508': { input: 0.4, output: 2 },
      'mistral-small-2506': { input: 0.1, output: 0.3 },
      'codestral-2508': { input: 0.3, output: 0.9 },
    },
  },
  {
    provider: 'Groq',
    host: 'api.groq.com',
    asOf: '2025-08',
    source: SOURCE,
    models: {
      'llama-3.3-70b-versatile': { input: 0.59, output: 0.79 },
      'llama-3.1-8b-instant': { input: 0.05, output: 0.08 },
    },
  },
  {
    provider: 'xAI',
    host: 'api.x.ai',
    asOf: '2025-08',
    source: SOURCE,
    models: {
      'grok-4': { input: 3, cachedInput: 0.75, output: 15 },
      'grok-3': { input: 3, cachedInput: 0.75, output: 15 },
      'grok-3-mini': { input: 0.3, cachedInput: 0.075, output: 0.5 },
    },
  },
];
