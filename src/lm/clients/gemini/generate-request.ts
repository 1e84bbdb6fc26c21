import type { LMOptions, LMRequest } from '../../../core/primitives/lm-request';
import { membersOf } from '../wire/members';
import { refusal, refuseOptions } from '../wire/refuse';
import { wireTurns } from './content-turns';

/** Tokens that a model of the 2.5 series may think, by effort; later ones take the effort's name. */
const BUDGETS: Readonly<Record<string, number>> = { none: 0, minimal: 512, low: 1_024, medium: 8_192, high: 24_576 };

/** The JSON body of a request to Gemini's generateContent. Throws `LMInvalidRequestError` for what it cannot say. */
export function generateBody(request: LMRequest): string {
  const { options, model } = request;
  if (options.parallelToolCalls === false) refuseOptions(request, 'Gemini', ['parallelToolCalls']);
  const { systemInstruction, contents } = wireTurns(request.messages, model);
  const { generationConfig: ownConfig, ...extra } = options.extra ?? {};
  const config = {
    temperature: options.temperature,
    maxOutputTokens: options.maxTokens,
    topP: options.topP,
    stopSequences: options.stop,
    seed: options.seed,
    candidateCount: options.n === 1 ? undefined : options.n,
    frequencyPenalty: options.frequencyPenalty,
    presencePenalty: options.presencePenalty,
    responseLogprobs: options.logprobs,
    ...formatOf(options),
    thinkingConfig: thinkingOf(options, model),
    ...membersOf(ownConfig),
  };
  return JSON.stringify({
    systemInstruction,
    contents,
    tools:
      options.tools === undefined || options.tools.length === 0
        ? undefined
        : [
            {
              functionDeclarations: options.tools.map(({ name, description, parameters }) => ({
                name,
                description: description ?? undefined,
                parametersJsonSchema: parameters,
              })),
            },
          ],
    toolConfig: choiceOf(options),
    generationConfig: Object.values(config).some((value) => value !== undefined) ? config : undefined,
    ...extra,
  });
}

/** JSON Schema goes into a member of its own: `responseSchema` is a dialect of OpenAPI that knows less. */
function formatOf({ responseFormat }: LMOptions): object {
  if (responseFormat === undefined) return {};
  const json = { responseMimeType: 'application/json' };
  return responseFormat.type === 'json_object' ? json : { ...json, responseJsonSchema: responseFormat.schema };
}

function thinkingOf({ reasoningEffort }: LMOptions, model: string): object | undefined {
  if (reasoningEffort === undefined || reasoningEffort === null) return undefined;
  if (!/gemini-2\.5/u.test(model)) {
    if (reasoningEffort === 'none') throw refusal(`${model} always thinks; its least reasoningEffort is 'minimal'.`);
    return { thinkingLevel: reasoningEffort, includeThoughts: true };
  }
  const thinkingBudget = Object.hasOwn(BUDGETS, reasoningEffort) ? BUDGETS[reasoningEffort] : undefined;
  if (thinkingBudget === undefined) {
    const known = Object.keys(BUDGETS).join(', ');
    throw refusal(`${model} knows no reasoningEffort '${reasoningEffort}'; use ${known}.`);
  }
  if (thinkingBudget === 0 && /2\.5-pro/u.test(model)) {
    throw refusal(`${model} always thinks; its least reasoningEffort is 'minimal'.`);
  }
  return { thinkingBudget, ...(thinkingBudget === 0 ? {} : { includeThoughts: true }) };
}

function choiceOf({ toolChoice }: LMOptions): object | undefined {
  if (toolChoice === undefined) return undefined;
  if (typeof toolChoice === 'object') {
    return { functionCallingConfig: { mode: 'ANY', allowedFunctionNames: [toolChoice.name] } };
  }
  return { functionCallingConfig: { mode: { auto: 'AUTO', none: 'NONE', required: 'ANY' }[toolChoice] } };
}
