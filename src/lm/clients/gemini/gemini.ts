import { endpointOf } from '../endpoint';
import { HttpLM } from '../http-lm';
import { checkHttpLMOptions, type HttpLMOptions } from '../http-lm-options';
import { knownCapabilities } from '../provider-table/capabilities';
import { PROVIDERS, providerAt } from '../provider-table/providers';
import { GENERATE_FORMAT } from './generate-format';

/** Options of `Gemini`: those of every client over HTTP. */
export type GeminiOptions = HttpLMOptions;

/** Gemini by Google's own protocol, generateContent of the Gemini API. */
export class Gemini extends HttpLM {
  /** Throws `UnknownOptionError` or `InvalidOptionError`; opens no connection. */
  constructor(options: GeminiOptions) {
    const owner = 'Gemini';
    checkHttpLMOptions(owner, options);
    const row = PROVIDERS['gemini'];
    const endpoint = endpointOf(owner, options.baseUrl ?? row?.baseUrl ?? '', options.query);
    super(options, {
      endpoint,
      format: GENERATE_FORMAT,
      capabilities: knownCapabilities('gemini', options.model),
      apiKeyEnv: providerAt(endpoint.origin) === 'gemini' ? row?.apiKeyEnv : undefined,
    });
  }
}
