import { ContextWindowExceededError } from '../../../src/core/errors/lm-errors';
import { LM, type LMCapabilities, type LMStats, NO_CAPABILITIES } from '../../../src/core/ports/lm';
import type { LMOptions, LMRequest } from '../../../src/core/primitives/lm-request';
import type { LMCompletion, LMResponse } from '../../../src/core/primitives/lm-response';
import { NO_USAGE } from '../../../src/core/primitives/usage';

/** One completion of a script. */
type ScriptedText = string | ScriptedParts;

interface ScriptedParts {
  readonly text: string | null;
  readonly finish_reason?: string;
  readonly reasoning_content?: string;
  readonly tool_calls?: readonly { readonly id?: string; readonly function: { name: string; arguments: string } }[];
  readonly citations?: readonly Readonly<Record<string, unknown>>[];
}
/** What answers one request: a completion, several, or an error. */
export type ScriptEntry =
  | ScriptedText
  | readonly ScriptedText[]
  | { readonly error: { class: string; message: string } };

/** The error a script ends with; the recorder raised an IndexError there. */
export class ScriptEndedError extends Error {}

/** Answers requests from a recorded script, one entry a request, and keeps them. */
export class ScriptedLM extends LM {
  readonly endpoint = 'script:';
  readonly requests: LMRequest[] = [];
  private readonly left: ScriptEntry[];

  constructor(
    readonly model: string,
    readonly defaults: LMOptions = {},
    script: readonly ScriptEntry[] = [],
    readonly capabilities: LMCapabilities = NO_CAPABILITIES,
  ) {
    super();
    this.left = [...script];
  }

  /** Entries that no request has taken. */
  get scriptLeft(): number {
    return this.left.length;
  }

  async generate(request: LMRequest): Promise<LMResponse> {
    this.requests.push(request);
    const entry = this.left.shift();
    if (entry === undefined) throw new ScriptEndedError('the script is exhausted');
    if (isError(entry)) {
      const { class: name, message } = entry.error;
      throw name === 'ContextWindowExceededError' ? new ContextWindowExceededError(message) : new Error(message);
    }
    const texts = Array.isArray(entry) ? entry : [entry];
    return {
      model: this.model,
      completions: texts.map(completionOf),
      usage: NO_USAGE,
      cached: false,
      attempts: 1,
    };
  }

  async close(): Promise<void> {}

  stats(): LMStats {
    const requests = this.requests.length;
    return { inFlight: 0, queued: 0, requests, cacheHits: 0, shared: 0, breaker: 'none' };
  }
}

function completionOf(scripted: ScriptedText): LMCompletion {
  if (typeof scripted === 'string') return { text: scripted, finishReason: 'stop' };
  const { text, reasoning_content: reasoning, tool_calls: calls, citations } = scripted;
  return {
    text: text ?? '',
    finishReason: 'stop',
    ...(reasoning === undefined ? {} : { reasoning }),
    ...(citations === undefined ? {} : { citations }),
    ...(calls === undefined
      ? {}
      : { toolCalls: calls.map(({ id, function: called }) => ({ ...(id === undefined ? {} : { id }), ...called })) }),
  };
}

function isError(entry: ScriptEntry): entry is { error: { class: string; message: string } } {
  return typeof entry === 'object' && 'error' in entry;
}

const OPTION_NAMES: Readonly<Record<string, keyof LMOptions>> = {
  temperature: 'temperature',
  max_tokens: 'maxTokens',
  top_p: 'topP',
  stop: 'stop',
  seed: 'seed',
  n: 'n',
  frequency_penalty: 'frequencyPenalty',
  presence_penalty: 'presencePenalty',
  logprobs: 'logprobs',
  tools: 'tools',
  tool_choice: 'toolChoice',
  parallel_tool_calls: 'parallelToolCalls',
  reasoning_effort: 'reasoningEffort',
};

/** Recorded keyword arguments of an LM as options; what has no name of its own goes into `extra`. */
export function decodeOptions(kwargs: Readonly<Record<string, unknown>>): LMOptions & { rolloutId?: number } {
  const options: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(kwargs)) {
    // Null means "not given" except here, where it means "do not think".
    if (value === null && name !== 'reasoning_effort') continue;
    if (name === 'tools') options['tools'] = (value as { function?: unknown }[]).map((tool) => tool.function ?? tool);
    else if (name === 'rollout_id') options['rolloutId'] = value;
    else if (OPTION_NAMES[name] !== undefined) options[OPTION_NAMES[name]] = value;
    else options['extra'] = { ...(options['extra'] as object), [name]: value };
  }
  return options;
}
