import { InvalidOptionError } from '../../../core/errors/option-errors';
import type { LMRequest, ResponseFormat, ToolChoice } from '../../../core/primitives/lm-request';
import type { Message } from '../../../core/primitives/message';
import { isReasoningModel } from './reasoning-models';

/** Which member bounds the answer; OpenAI's reasoning models refuse the older one. */
export type MaxTokensField = 'max_tokens' | 'max_completion_tokens';

/** Throws `InvalidOptionError` for another member. */
export function checkMaxTokensField(owner: string, field: unknown): void {
  if (field === undefined || field === 'max_tokens' || field === 'max_completion_tokens') return;
  throw new InvalidOptionError(owner, 'maxTokensField', field, "'max_tokens' or 'max_completion_tokens'");
}

/** How the body is written for one server. */
export interface ChatBodyOptions {
  readonly maxTokensField?: MaxTokensField | undefined;
  /** Ask for the usage of a streamed answer; default true. */
  readonly streamUsage?: boolean | undefined;
  /** Ask for the answer in pieces; default false. */
  readonly streaming?: boolean;
}

/** The JSON body of a request to OpenAI's chat completions. Absent options are left to the model; `extra` comes last. */
export function chatCompletionsBody(
  { model, messages, options }: LMRequest,
  { maxTokensField, streamUsage = true, streaming = false }: ChatBodyOptions = {},
): string {
  const reasoning = isReasoningModel(model);
  const field = maxTokensField ?? (reasoning ? 'max_completion_tokens' : 'max_tokens');
  return JSON.stringify({
    model,
    messages: messages.some(isRewritten) ? messages.map(wireMessage) : messages,
    // A reasoning model answers 400 to any temperature, even to its own; whatever else is asked of it is refused before or meant.
    temperature: reasoning && options.temperature === 1 ? undefined : options.temperature,
    [field]: options.maxTokens,
    top_p: options.topP,
    stop: orAbsent(options.stop),
    seed: options.seed,
    n: options.n === 1 ? undefined : options.n,
    frequency_penalty: options.frequencyPenalty,
    presence_penalty: options.presencePenalty,
    logprobs: options.logprobs,
    response_format: options.responseFormat === undefined ? undefined : wireFormat(options.responseFormat),
    tools: orAbsent(options.tools)?.map(({ description, ...tool }) => ({
      type: 'function',
      function: { ...tool, description: description ?? undefined },
    })),
    tool_choice: options.toolChoice === undefined ? undefined : wireChoice(options.toolChoice),
    parallel_tool_calls: options.parallelToolCalls,
    reasoning_effort: options.reasoningEffort ?? undefined,
    ...(streaming ? { stream: true, stream_options: streamUsage ? { include_usage: true } : undefined } : {}),
    ...options.extra,
  });
}

/** Servers answer 400 to an empty list. */
function orAbsent<T>(list: readonly T[] | undefined): readonly T[] | undefined {
  return list?.length === 0 ? undefined : list;
}

/** A message in the members of the wire; most are the same object. */
export function wireMessage(message: Message): object {
  if (!isRewritten(message)) return message;
  const { toolCalls, toolCallId, ...others } = message;
  return {
    ...others,
    ...(toolCallId === undefined ? {} : { tool_call_id: toolCallId }),
    ...(toolCalls === undefined
      ? {}
      : { tool_calls: toolCalls.map(({ id, ...call }) => ({ id, type: 'function', function: call })) }),
  };
}

/** True for a message that the wire has other members for. */
function isRewritten({ toolCalls, toolCallId }: Message): boolean {
  return toolCalls !== undefined || toolCallId !== undefined;
}

function wireChoice(choice: ToolChoice): unknown {
  return typeof choice === 'string' ? choice : { type: 'function', function: choice };
}

function wireFormat(format: ResponseFormat): object {
  if (format.type === 'json_object') return { type: 'json_object' };
  const { name, schema, strict } = format;
  return { type: 'json_schema', json_schema: { name, schema, strict } };
}
