import { UnknownProviderError } from '../../../core/errors/lm-errors';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import type { Embedder } from '../../../core/ports/embedder';
import { PROVIDERS } from '../provider-table/providers';
import type { CallStackOptions } from '../services/call-stack';
import { composeEmbedder } from './compose-embedder';
import { OpenAIEmbedder, type OpenAIEmbedderOptions } from './openai-embedder';

/** Options of the client and of the layers around it. `model` is in the name. */
export type EmbedderByNameOptions = Omit<OpenAIEmbedderOptions, 'model'> & CallStackOptions;

/** Whoever speaks OpenAI's chat completions has its `/embeddings` too, or answers 404. */
const NAMES = Object.keys(PROVIDERS).filter((name) => PROVIDERS[name]?.wire === 'chat');

/**
 * A composed embedder by name: `embedder('openai/text-embedding-3-small')`, `embedder('ollama/nomic-embed-text')`. The key comes from the
 * provider's own environment variable; with `baseUrl` any server will do, and that key is not sent. (DSPy: `dspy.Embedder`.)
 *
 * Throws `UnknownProviderError`, `UnknownOptionError` or `InvalidOptionError`; opens no connection.
 */
export function embedder(name: string, options: EmbedderByNameOptions = {}): Embedder {
  if (typeof name !== 'string' || name === '') {
    throw new InvalidOptionError('embedder', 'name', name, "a name such as 'openai/text-embedding-3-small'");
  }
  const { cache, resilience, singleFlight, ...client } = options;
  const prefix = NAMES.find((known) => name.startsWith(`${known}/`));
  if (prefix === undefined && client.baseUrl === undefined) throw new UnknownProviderError(name, NAMES, 'embedder');
  const model = prefix === undefined ? name : name.slice(prefix.length + 1);
  if (model === '') throw new InvalidOptionError('embedder', 'name', name, `a model behind '${prefix}/'`);
  const { baseUrl, apiKeyEnv } = (prefix !== undefined && client.baseUrl === undefined && PROVIDERS[prefix]) || {};
  return composeEmbedder(
    new OpenAIEmbedder({
      model,
      ...(baseUrl === undefined ? {} : { baseUrl }),
      ...(apiKeyEnv === undefined ? {} : { apiKeyEnv }),
      ...client,
    }),
    {
      ...(cache === undefined ? {} : { cache }),
      ...(resilience === undefined ? {} : { resilience }),
      ...(singleFlight === undefined ? {} : { singleFlight }),
    },
  );
}
