import { RequestTooLargeError } from '../../../core/errors/clients/request-errors';
import type { LMOptions, LMRequest } from '../../../core/primitives/lm-request';
import { membersOf } from '../wire/members';
import { aboutRequest, refusal, refuseOptions, unsent } from '../wire/refuse';
import { type ClaudeModel, claudeModel } from './claude-models';
import { wireTurns } from './messages-content';

/** The protocol has no such thing. */
const WITHOUT = ['n', 'seed', 'frequencyPenalty', 'presencePenalty', 'logprobs'] as const;
const SAMPLING = ['temperature', 'topP'] as const;

/** The endpoint answers 413 to more, in bytes. */
const MAX_BYTES = 32 * 1024 * 1024;

/** The protocol wants a bound on the answer; this one is used for models whose own is not known. */
const MAX_TOKENS = 32_000;
/** And this for models that are not Anthropic's. */
const MAX_TOKENS_OF_OTHERS = 4_096;

/** Tokens that a model may think, by effort; the protocol's smallest budget is 1,024. */
const BUDGETS: Readonly<Record<string, number>> = { minimal: 1_024, low: 1_024, medium: 4_096, high: 16_384 };
const SMALLEST_BUDGET = 1_024;

/** The JSON body of a request to Anthropic's messages. Throws `LMInvalidRequestError` for what it cannot say. */
export function messagesBody(request: LMRequest, streaming: boolean): string {
  const { model, options } = request;
  const known = claudeModel(model);
  refuseOptions(request, 'Anthropic', WITHOUT);
  if (!known.sampling) refuseOptions(request, model, SAMPLING);
  if ((options.temperature ?? 0) > 1) throw refusal('Anthropic takes a temperature from 0 to 1.');
  const { system, messages } = wireTurns(request.messages);
  const { output_config: ownConfig, ...extra } = options.extra ?? {};
  const maxTokens =
    options.maxTokens ?? known.maxOutputTokens ?? (model.includes('claude') ? MAX_TOKENS : MAX_TOKENS_OF_OTHERS);
  const { thinking, effort } = thinkingOf(request, known, maxTokens);
  const config = { ...effort, ...formatOf(options), ...membersOf(ownConfig) };
  const body = JSON.stringify({
    model,
    max_tokens: maxTokens,
    system,
    messages,
    temperature: known.sampling ? options.temperature : undefined,
    top_p: known.sampling ? options.topP : undefined,
    stop_sequences: options.stop,
    tools: options.tools?.map(({ name, description, parameters }) => ({
      name,
      description: description ?? undefined,
      input_schema: parameters,
    })),
    tool_choice: choiceOf(options),
    thinking,
    output_config: Object.keys(config).length === 0 ? undefined : config,
    stream: streaming ? true : undefined,
    ...extra,
  });
  // Most are far below: a UTF-16 unit is at most three bytes.
  if (body.length * 3 > MAX_BYTES && Buffer.byteLength(body) > MAX_BYTES) {
    throw unsent(
      new RequestTooLargeError(
        'The request is longer than the 32 MB that Anthropic takes. No request was sent. Send smaller images, or upload files first.',
        aboutRequest(request),
      ),
    );
  }
  return body;
}

/** What a model is told about thinking. An effort of `null` or `none` asks for none. */
function thinkingOf({ model, messages, options }: LMRequest, { thinking }: ClaudeModel, maxTokens: number) {
  const asked = options.reasoningEffort ?? 'none';
  if (asked === 'none') return {};
  const cannot = (why: string) => refusal(`${why} Or leave reasoningEffort out.`);
  if (thinking === 'none') throw cannot(`${model} does not think apart from its answer. Ask a newer model.`);
  if (options.toolChoice === 'required' || typeof options.toolChoice === 'object') {
    throw cannot("A model of Anthropic that thinks cannot be forced to call a tool. Use toolChoice 'auto'.");
  }
  if (![undefined, 1].includes(options.temperature))
    throw cannot('A model of Anthropic that thinks has temperature 1.');
  if (thinking === 'adaptive') {
    const effort = asked === 'minimal' ? 'low' : asked;
    return { thinking: { type: 'adaptive', display: 'summarized' }, effort: { effort } };
  }
  if (model.includes('claude') && messages.at(-1)?.role === 'tool') {
    throw cannot(
      `${model} wants its thoughts back beside its calls of tools, and a conversation here keeps none. Ask a newer model.`,
    );
  }
  const budget = Object.hasOwn(BUDGETS, asked) ? BUDGETS[asked] : undefined;
  if (budget === undefined) {
    throw cannot(`${model} knows no reasoningEffort '${asked}'; use ${Object.keys(BUDGETS).join(', ')} or none.`);
  }
  if (maxTokens <= SMALLEST_BUDGET) {
    throw cannot(`maxTokens is ${maxTokens}, and the thoughts count in it: it must be above ${SMALLEST_BUDGET}.`);
  }
  // The answer itself keeps at least half of what is allowed, as far as the smallest budget leaves it.
  const room = Math.max(SMALLEST_BUDGET, Math.floor(maxTokens / 2));
  return { thinking: { type: 'enabled', budget_tokens: Math.min(budget, room) } };
}

function formatOf({ responseFormat }: LMOptions): object {
  if (responseFormat === undefined) return {};
  if (responseFormat.type === 'json_object') {
    throw refusal('Anthropic has no JSON mode without a schema. Give a json_schema, or ask for JSON in the prompt.');
  }
  return { format: { type: 'json_schema', schema: responseFormat.schema } };
}

function choiceOf({ toolChoice, parallelToolCalls }: LMOptions): object | undefined {
  const single = parallelToolCalls === false ? { disable_parallel_tool_use: true } : {};
  if (toolChoice === undefined) return parallelToolCalls === false ? { type: 'auto', ...single } : undefined;
  if (toolChoice === 'none') return { type: 'none' };
  if (typeof toolChoice === 'object') return { type: 'tool', name: toolChoice.name, ...single };
  return { type: toolChoice === 'required' ? 'any' : 'auto', ...single };
}
