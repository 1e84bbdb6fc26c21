import type { LMOptions, LMRequest, ToolChoice } from '../../../core/primitives/lm-request';
import { membersOf } from '../wire/members';
import { refuseOptions } from '../wire/refuse';
import { isReasoningModel } from './reasoning-models';
import { responsesInput } from './responses-input';

/** The protocol has no such thing. */
const WITHOUT = ['n', 'stop', 'seed', 'frequencyPenalty', 'presencePenalty'] as const;

/** The JSON body of a request to OpenAI's responses; nothing is stored there. Throws `LMInvalidRequestError` for what it cannot say. */
export function responsesBody(request: LMRequest, streaming: boolean): string {
  const { model, options } = request;
  refuseOptions(request, "The protocol of OpenAI's responses", WITHOUT);
  const { instructions, input } = responsesInput(request.messages);
  const { text: ownText, reasoning: ownReasoning, ...extra } = options.extra ?? {};
  const text = { ...formatOf(options), ...membersOf(ownText) };
  const reasoning = { ...reasoningOf(options), ...membersOf(ownReasoning) };
  return JSON.stringify({
    model,
    instructions,
    input,
    max_output_tokens: options.maxTokens,
    // A reasoning model answers 400 to any temperature, even to its own.
    temperature: isReasoningModel(model) && options.temperature === 1 ? undefined : options.temperature,
    top_p: options.topP,
    include: options.logprobs === true ? ['message.output_text.logprobs'] : undefined,
    text: Object.keys(text).length === 0 ? undefined : text,
    reasoning: Object.keys(reasoning).length === 0 ? undefined : reasoning,
    // Without the word `strict` this protocol takes every schema for a strict one.
    tools: options.tools?.map(({ description, ...tool }) => ({
      type: 'function',
      ...tool,
      description: description ?? undefined,
      strict: false,
    })),
    tool_choice: options.toolChoice === undefined ? undefined : choiceOf(options.toolChoice),
    parallel_tool_calls: options.parallelToolCalls,
    store: false,
    stream: streaming ? true : undefined,
    ...extra,
  });
}

function choiceOf(choice: ToolChoice): unknown {
  return typeof choice === 'string' ? choice : { type: 'function', name: choice.name };
}

function formatOf({ responseFormat }: LMOptions): object {
  if (responseFormat === undefined) return {};
  if (responseFormat.type === 'json_object') return { format: { type: 'json_object' } };
  const { name, schema, strict } = responseFormat;
  return { format: { type: 'json_schema', name, schema, strict } };
}

/** Whoever asks for thoughts wants to see them: the summary is all that this protocol shows. */
function reasoningOf({ reasoningEffort }: LMOptions): object {
  if (reasoningEffort === undefined || reasoningEffort === null) return {};
  return { effort: reasoningEffort, ...(reasoningEffort === 'none' ? {} : { summary: 'auto' }) };
}
