import { InvalidOptionError } from '../../core/errors/option-errors';
import { LM_OPTIONS, type LMOptions } from '../../core/primitives/lm-request';
import { endpointOf } from './endpoint';
import { HttpLM } from './http-lm';
import { checkHttpLMOptions, type HttpLMOptions } from './http-lm-options';
import { checkMaxTokensField, type MaxTokensField } from './openai/chat-request';
import { type ServerQuirks, serverFormat } from './openai/server-format';
import { knownCapabilities } from './provider-table/capabilities';
import { PROVIDERS, providerAt } from './provider-table/providers';

export interface OpenAICompatibleOptions extends HttpLMOptions {
  /** OpenAI's organization and project, when the key belongs to several. */
  readonly organization?: string;
  readonly project?: string;
  /** How the length of the answer is bounded on the wire; default by provider and by the model's name. */
  readonly maxTokensField?: MaxTokensField;
  /** Options that the server does not take: they are refused before sending. Default by provider, else none. */
  readonly unsupported?: readonly (keyof LMOptions)[];
  /** Whether a streamed request asks for its usage (`stream_options`), which a few servers refuse; default by provider, else true. */
  readonly streamUsage?: boolean;
}

const OWN_OPTIONS = ['organization', 'project', 'maxTokensField', 'unsupported', 'streamUsage'] as const;

const OPENAI_URL = 'https://api.openai.com/v1';

/** Any server that speaks OpenAI's chat completions: OpenAI, Ollama, vLLM, LM Studio, llama.cpp, OpenRouter and many more. */
export class OpenAICompatible extends HttpLM {
  /**
   * Opens no connection. `provider` is a name of the provider table, for servers whose address does not tell it. Throws
   * `UnknownOptionError` or `InvalidOptionError`.
   */
  constructor(options: OpenAICompatibleOptions, provider?: string) {
    const owner = 'OpenAICompatible';
    checkHttpLMOptions(owner, options, OWN_OPTIONS);
    const { organization, project, maxTokensField, unsupported, streamUsage, defaults = {} } = options;
    checkMaxTokensField(owner, maxTokensField);
    if (
      unsupported !== undefined &&
      !(Array.isArray(unsupported) && unsupported.every((o) => LM_OPTIONS.includes(o)))
    ) {
      throw new InvalidOptionError(owner, 'unsupported', unsupported, `a list of: ${LM_OPTIONS.join(', ')}`);
    }
    const endpoint = endpointOf(owner, options.baseUrl ?? OPENAI_URL, options.query);
    const at = provider ?? providerAt(endpoint.origin);
    const known = knownCapabilities(at, options.model);
    if (known.temperature === false && ![undefined, 1].includes(defaults.temperature)) {
      throw new InvalidOptionError(owner, 'temperature', defaults.temperature, `1 or absent for ${options.model}`);
    }
    const row = at !== undefined && Object.hasOwn(PROVIDERS, at) ? PROVIDERS[at] : undefined;
    const quirks: ServerQuirks = {
      ...row?.quirks,
      ...(maxTokensField === undefined ? {} : { maxTokensField }),
      ...(unsupported === undefined ? {} : { unsupported }),
      ...(streamUsage === undefined ? {} : { streamUsage }),
    };
    super(options, {
      endpoint,
      format: serverFormat(at ?? new URL(endpoint.origin).host, quirks),
      capabilities: known,
      apiKeyEnv: endpoint.isOpenAI ? 'OPENAI_API_KEY' : undefined,
      headers: {
        ...(organization === undefined ? {} : { 'openai-organization': organization }),
        ...(project === undefined ? {} : { 'openai-project': project }),
      },
    });
  }
}
