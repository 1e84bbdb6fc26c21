import { UnknownProviderError } from '../../core/errors/lm-errors';
import { InvalidOptionError } from '../../core/errors/option-errors';
import type { LM } from '../../core/ports/lm';
import { nameLM } from '../../core/settings/environment';
import { COMPOSE_OPTIONS, type ComposeOptions, composeLM } from './compose';
import { OpenAICompatible, type OpenAICompatibleOptions } from './openai-compatible';
import { PROVIDERS } from './provider-table/providers';

/** Options of the client and of the layers around it. `model` is in the name. */
export type LMByNameOptions = Omit<OpenAICompatibleOptions, 'model'> & ComposeOptions;

/**
 * A composed client by name: `lm('openai/gpt-5-mini')`, `lm('ollama/llama3.2')`. The key comes from the provider's own
 * environment variable. With `baseUrl` any server will do, and the name may then be the bare model; the provider's key is not
 * sent to such a server unless `apiKey` or `apiKeyEnv` says so. (DSPy: `dspy.LM`.)
 *
 * Throws `UnknownProviderError`, `UnknownOptionError` or `InvalidOptionError`; opens no connection.
 */
export function lm(name: string, options: LMByNameOptions = {}): LM {
  if (typeof name !== 'string' || name === '') {
    throw new InvalidOptionError('lm', 'name', name, "a name such as 'openai/gpt-5-mini'");
  }
  const slash = name.indexOf('/');
  const prefix = name.slice(0, Math.max(0, slash));
  const provider = Object.hasOwn(PROVIDERS, prefix) ? PROVIDERS[prefix] : undefined;
  if (provider === undefined && options.baseUrl === undefined)
    throw new UnknownProviderError(name, Object.keys(PROVIDERS));
  const model = provider === undefined ? name : name.slice(slash + 1);
  if (model === '') throw new InvalidOptionError('lm', 'name', name, `a model behind '${prefix}/'`);

  const layers: Record<string, unknown> = {};
  const client: Record<string, unknown> = options.baseUrl === undefined ? { ...provider } : {};
  for (const [option, value] of Object.entries(options)) {
    if (value === undefined) continue;
    const target = (COMPOSE_OPTIONS as readonly string[]).includes(option) ? layers : client;
    target[option] = value;
  }
  const made = composeLM(new OpenAICompatible({ ...client, model }), layers);
  // Of another server the name alone says too little to make the same client again.
  return options.baseUrl === undefined ? nameLM(made, name) : made;
}
