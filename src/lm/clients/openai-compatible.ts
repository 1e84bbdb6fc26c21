import { InvalidOptionError } from '../../core/errors/option-errors';
import { capabilitiesOf } from './capabilities';
import { endpointOf } from './endpoint';
import { HttpLM } from './http-lm';
import { checkHttpLMOptions, type HttpLMOptions } from './http-lm-options';
import { chatFormat } from './openai/chat-format';
import type { MaxTokensField } from './openai/chat-request';
import { isReasoningModel } from './openai/reasoning-models';

export interface OpenAICompatibleOptions extends HttpLMOptions {
  /** OpenAI's organization and project, when the key belongs to several. */
  readonly organization?: string;
  readonly project?: string;
  /** How the length of the answer is bounded on the wire; default by the model's name. */
  readonly maxTokensField?: MaxTokensField;
}

const OPENAI_URL = 'https://api.openai.com/v1';

/** Any server that speaks OpenAI's chat completions: OpenAI, Ollama, vLLM, LM Studio, llama.cpp, OpenRouter and many more. */
export class OpenAICompatible extends HttpLM {
  /** Throws `UnknownOptionError` or `InvalidOptionError`; opens no connection. */
  constructor(options: OpenAICompatibleOptions) {
    const owner = 'OpenAICompatible';
    checkHttpLMOptions(owner, options, ['organization', 'project', 'maxTokensField']);
    const { organization, project, maxTokensField, defaults = {} } = options;
    if (isReasoningModel(options.model) && ![undefined, 1].includes(defaults.temperature)) {
      throw new InvalidOptionError(owner, 'temperature', defaults.temperature, `1 or absent for ${options.model}`);
    }
    const endpoint = endpointOf(owner, options.baseUrl ?? OPENAI_URL, options.query);
    super(options, {
      endpoint,
      format: chatFormat({ maxTokensField }),
      capabilities: capabilitiesOf(endpoint, options.model),
      apiKeyEnv: endpoint.isOpenAI ? 'OPENAI_API_KEY' : undefined,
      headers: {
        ...(organization === undefined ? {} : { 'openai-organization': organization }),
        ...(project === undefined ? {} : { 'openai-project': project }),
      },
    });
  }
}
