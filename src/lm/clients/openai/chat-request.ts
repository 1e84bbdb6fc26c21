import type { LMRequest, ResponseFormat } from '../../../core/primitives/lm-request';
import { isReasoningModel } from './reasoning-models';

/** Which member bounds the answer; OpenAI's reasoning models refuse the older one. */
export type MaxTokensField = 'max_tokens' | 'max_completion_tokens';

/** The JSON body of a request to OpenAI's chat completions. Absent options are left to the model; `extra` comes last. */
export function chatCompletionsBody({ model, messages, options }: LMRequest, maxTokensField?: MaxTokensField): string {
  const reasoning = isReasoningModel(model);
  const field = maxTokensField ?? (reasoning ? 'max_completion_tokens' : 'max_tokens');
  return JSON.stringify({
    model,
    messages,
    // A reasoning model answers 400 to any temperature but its own; sampling several answers must still be possible.
    temperature: reasoning ? undefined : options.temperature,
    [field]: options.maxTokens,
    top_p: options.topP,
    stop: options.stop,
    seed: options.seed,
    n: options.n === 1 ? undefined : options.n,
    frequency_penalty: options.frequencyPenalty,
    presence_penalty: options.presencePenalty,
    logprobs: options.logprobs,
    response_format: options.responseFormat === undefined ? undefined : wireFormat(options.responseFormat),
    ...options.extra,
  });
}

function wireFormat(format: ResponseFormat): object {
  if (format.type === 'json_object') return { type: 'json_object' };
  const { name, schema, strict } = format;
  return { type: 'json_schema', json_schema: { name, schema, strict } };
}
