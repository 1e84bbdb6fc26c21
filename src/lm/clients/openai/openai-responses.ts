import { endpointOf } from '../endpoint';
import { HttpLM } from '../http-lm';
import { checkHttpLMOptions, type HttpLMOptions } from '../http-lm-options';
import { knownCapabilities } from '../provider-table/capabilities';
import { PROVIDERS, providerAt } from '../provider-table/providers';
import { RESPONSES_FORMAT } from './responses-format';

export interface OpenAIResponsesOptions extends HttpLMOptions {
  /** OpenAI's organization and project, when the key belongs to several. */
  readonly organization?: string;
  readonly project?: string;
}

/** OpenAI's responses, which give summaries of a model's thoughts; also for other servers that speak them, by `baseUrl`. */
export class OpenAIResponses extends HttpLM {
  /** Throws `UnknownOptionError` or `InvalidOptionError`; opens no connection. */
  constructor(options: OpenAIResponsesOptions) {
    const owner = 'OpenAIResponses';
    checkHttpLMOptions(owner, options, ['organization', 'project']);
    const { organization, project, model } = options;
    const row = PROVIDERS['openai-responses'];
    const endpoint = endpointOf(owner, options.baseUrl ?? row?.baseUrl ?? '', options.query);
    super(options, {
      // The same model behind chat completions answers differently: the two must not share a cache entry.
      endpoint: { ...endpoint, base: `${endpoint.base}/responses` },
      format: RESPONSES_FORMAT,
      capabilities: knownCapabilities(providerAt(endpoint.origin), model),
      apiKeyEnv: endpoint.isOpenAI ? row?.apiKeyEnv : undefined,
      headers: {
        ...(organization === undefined ? {} : { 'openai-organization': organization }),
        ...(project === undefined ? {} : { 'openai-project': project }),
      },
    });
  }
}
