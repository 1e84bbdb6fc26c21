import { MissingToolsError } from '../../../core/errors/adapter-errors';
import type { AdapterCall, AdapterModel } from '../../../core/ports/adapter';
import type { LMOptions, ToolDefinition } from '../../../core/primitives/lm-request';
import { Tool } from '../../../core/signatures/values/tools/tool';
import { nativeOf, toolCallsOutput, toolInput, without } from './native-fields';

/** What an adapter does with features of providers. */
export interface NativeOptions {
  /** Tools go to the provider and its calls come back, instead of JSON in the text, where the model can. */
  readonly useNativeFunctionCalling?: boolean;
  /** Several calls in one answer; left to the provider unless said. */
  readonly parallelToolCalls?: boolean;
}

/** The names of the options, for checks. */
export const NATIVE_OPTIONS = ['useNativeFunctionCalling', 'parallelToolCalls'] as const;

/**
 * A call with everything that the model does by itself taken out of the text: tools and their calls, reasoning, citations. The
 * instructions stay as they are, as in the reference. Throws `MissingToolsError`.
 */
export function nativeCall(call: AdapterCall, model: AdapterModel, native: NativeOptions): AdapterCall {
  return withoutCitations(withReasoning(withTools(call, model, native), model), model);
}

function withTools(call: AdapterCall, { capabilities }: AdapterModel, native: NativeOptions): AdapterCall {
  if (native.useNativeFunctionCalling !== true) return withoutTools(call);
  const { spec, inputs } = call;
  const output = toolCallsOutput(spec);
  if (output === undefined) return call;
  const input = toolInput(spec);
  if (input === undefined) throw new MissingToolsError(spec.signature, output.name);
  if (!capabilities.functionCalling) return withoutTools(call);

  const { parallelToolCalls = native.parallelToolCalls, ...rest } = call.options;
  const options: LMOptions = {
    ...rest,
    tools: definitionsOf(inputs[input.name]),
    ...(parallelToolCalls === undefined ? {} : { parallelToolCalls, toolChoice: rest.toolChoice ?? 'auto' }),
  };
  return { inputs, options, spec: without(without(spec, input.name), output.name) };
}

function withoutTools(call: AdapterCall): AdapterCall {
  const { options: given } = call;
  if (!('tools' in given || 'toolChoice' in given || 'parallelToolCalls' in given)) return call;
  const { tools: _, toolChoice: __, parallelToolCalls: ___, ...options } = call.options;
  return { ...call, options };
}

function definitionsOf(given: unknown): readonly ToolDefinition[] {
  const tools: readonly unknown[] = Array.isArray(given) ? given : [given];
  return tools.filter((tool): tool is Tool => tool instanceof Tool).map((tool) => tool.definition());
}

function withReasoning(call: AdapterCall, { model, capabilities, defaults }: AdapterModel): AdapterCall {
  // Chat completions do not give the reasoning of these models back.
  if (!capabilities.reasoning || model.includes('gpt-5')) return call;
  const outputs = call.spec.outputs.filter(({ type }) => nativeOf(type) === 'reasoning');
  const { reasoningEffort = defaults.reasoningEffort === undefined ? 'low' : defaults.reasoningEffort } = call.options;
  if (outputs.length === 0 || reasoningEffort === null) return call;
  const spec = outputs.reduce((left, { name }) => without(left, name), call.spec);
  return { ...call, spec, options: { ...call.options, reasoningEffort } };
}

function withoutCitations(call: AdapterCall, { model, capabilities }: AdapterModel): AdapterCall {
  if (!model.startsWith('anthropic/') && capabilities.citations !== true) return call;
  const outputs = call.spec.outputs.filter(({ type }) => nativeOf(type) === 'citations');
  return { ...call, spec: outputs.reduce((left, { name }) => without(left, name), call.spec) };
}
