import { InvalidOptionError } from '../../../core/errors/option-errors';
import { endpointOf } from '../endpoint';
import { HttpLM } from '../http-lm';
import { checkHttpLMOptions, type HttpLMOptions } from '../http-lm-options';
import { knownCapabilities } from '../provider-table/capabilities';
import { PROVIDERS } from '../provider-table/providers';
import { ANTHROPIC_VERSION, messagesFormat } from './messages-format';

export interface AnthropicOptions extends HttpLMOptions {
  /** The version of the protocol, sent as `anthropic-version`; default `2023-06-01`. */
  readonly anthropicVersion?: string;
  /** Features that are not generally available yet, sent as `anthropic-beta`. */
  readonly betas?: readonly string[];
}

/** Claude by Anthropic's own protocol, the messages; also for other servers that speak it, by `baseUrl`. */
export class Anthropic extends HttpLM {
  /** Throws `UnknownOptionError` or `InvalidOptionError`; opens no connection. */
  constructor(options: AnthropicOptions) {
    const owner = 'Anthropic';
    checkHttpLMOptions(owner, options, ['anthropicVersion', 'betas']);
    const { anthropicVersion = ANTHROPIC_VERSION, betas = [], model, baseUrl } = options;
    if (!Array.isArray(betas) || betas.some((beta) => typeof beta !== 'string')) {
      throw new InvalidOptionError(owner, 'betas', betas, 'a list of texts');
    }
    if (typeof anthropicVersion !== 'string') {
      throw new InvalidOptionError(owner, 'anthropicVersion', anthropicVersion, `a text such as ${ANTHROPIC_VERSION}`);
    }
    const row = PROVIDERS['anthropic'];
    const endpoint = endpointOf(owner, baseUrl ?? row?.baseUrl ?? '', options.query);
    super(options, {
      endpoint,
      format: messagesFormat(anthropicVersion),
      capabilities: knownCapabilities('anthropic', model),
      apiKeyEnv: new URL(endpoint.origin).hostname === 'api.anthropic.com' ? row?.apiKeyEnv : undefined,
      headers: betas.length === 0 ? {} : { 'anthropic-beta': betas.join(',') },
    });
  }
}
