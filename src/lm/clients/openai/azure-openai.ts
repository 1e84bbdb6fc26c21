import { InvalidOptionError } from '../../../core/errors/option-errors';
import { endpointOf } from '../endpoint';
import { HttpLM } from '../http-lm';
import { checkHttpLMOptions, type HttpLMOptions } from '../http-lm-options';
import { knownCapabilities } from '../provider-table/capabilities';
import { PROVIDERS } from '../provider-table/providers';
import { checkMaxTokensField, type MaxTokensField } from './chat-request';
import { serverFormat } from './server-format';

/** Options of `AzureOpenAI`. `model` is the name of the deployment, `baseUrl` the address of the resource. */
export interface AzureOpenAIOptions extends HttpLMOptions {
  /** A dated version of the protocol, for example `2024-10-21`; without it the undated one (`/openai/v1`) is spoken. */
  readonly apiVersion?: string;
  /** How the length of the answer is bounded on the wire; default by the deployment's name. */
  readonly maxTokensField?: MaxTokensField;
}

/** Environment variable with the address of the resource, where the option `baseUrl` is absent. */
const ADDRESS = 'AZURE_OPENAI_ENDPOINT';

/** OpenAI's models as Azure serves them: by deployment, with the key in a header of its own. */
export class AzureOpenAI extends HttpLM {
  /** Throws `UnknownOptionError` or `InvalidOptionError`; opens no connection. */
  constructor(options: AzureOpenAIOptions) {
    const owner = 'AzureOpenAI';
    checkHttpLMOptions(owner, options, ['apiVersion', 'maxTokensField']);
    const { model, apiVersion, maxTokensField } = options;
    checkMaxTokensField(owner, maxTokensField);
    if (apiVersion !== undefined && typeof apiVersion !== 'string') {
      throw new InvalidOptionError(owner, 'apiVersion', apiVersion, 'a text such as 2024-10-21');
    }
    const address = options.baseUrl ?? process.env[ADDRESS];
    if (address === undefined || address === '') {
      const expected = `the address of the resource, here or in ${ADDRESS}, such as https://name.openai.azure.com`;
      throw new InvalidOptionError(owner, 'baseUrl', address, expected);
    }
    const resource = address.replace(/\/?$/u, '').replace(/\/openai(\/v1)?$/u, '');
    const folder = apiVersion === undefined ? 'openai/v1' : `openai/deployments/${encodeURIComponent(model)}`;
    const query = { ...(apiVersion === undefined ? {} : { 'api-version': apiVersion }), ...options.query };
    const endpoint = endpointOf(owner, `${resource}/${folder}`, query);
    const isAzure = /\.azure\.(com|us|cn)$/u.test(new URL(endpoint.origin).hostname);
    super(options, {
      endpoint,
      format: serverFormat('azure', {
        keyHeader: 'api-key',
        ...(maxTokensField === undefined ? {} : { maxTokensField }),
      }),
      capabilities: knownCapabilities('azure', model),
      apiKeyEnv: isAzure ? PROVIDERS['azure']?.apiKeyEnv : undefined,
    });
  }
}
