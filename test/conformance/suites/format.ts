import type { Adapter, AdapterModel } from '../../../src/core/ports/adapter';
import type { LM } from '../../../src/core/ports/lm';
import { BAMLAdapter } from '../../../src/lm/adapters/baml/baml-adapter';
import { ChatAdapter } from '../../../src/lm/adapters/chat-adapter';
import { JSONAdapter } from '../../../src/lm/adapters/json-adapter';
import { TwoStepAdapter } from '../../../src/lm/adapters/two-step/two-step-adapter';
import { XMLAdapter } from '../../../src/lm/adapters/xml/xml-adapter';
import { wireMessage } from '../../../src/lm/clients/openai/chat-request';
import { decodeSignature } from '../decode-signature';
import type { NamedTypes } from '../decode-type';
import { decodeValue } from '../decode-value';
import { NotApplicable } from '../not-applicable';
import { decodeOptions, ScriptedLM } from '../programs/scripted-lm';
import { sameValue } from '../same-value';
import type { Outcome, Suite, Vector } from '../suite';
import { replayMedia, replayTool } from './construct';

/** The adapter a vector names. Throws `NotApplicable` for one that is not there yet. */
export function decodeAdapter(
  { name, options }: { name: string; options: Record<string, unknown> },
  extractionLM: LM = new ScriptedLM('extraction'),
): Adapter {
  const {
    use_json_adapter_fallback: fallback,
    use_native_function_calling: calling,
    parallel_tool_calls: parallel,
  } = options;
  const {
    use_json_adapter_fallback: _,
    use_native_function_calling: __,
    parallel_tool_calls: ___,
    ...others
  } = options;
  const native = {
    ...(typeof calling === 'boolean' ? { useNativeFunctionCalling: calling } : {}),
    ...(typeof parallel === 'boolean' ? { parallelToolCalls: parallel } : {}),
  };
  const chat = { ...native, ...(typeof fallback === 'boolean' ? { useJSONAdapterFallback: fallback } : {}) };
  const later = Object.keys(others)[0];
  if (later !== undefined) throw new NotApplicable(`later issue: the adapter option '${later}'`);
  if (name === 'ChatAdapter') return new ChatAdapter(chat);
  if (name === 'JSONAdapter') return new JSONAdapter(native);
  if (name === 'XMLAdapter') return new XMLAdapter(chat);
  if (name === 'BAMLAdapter') return new BAMLAdapter(native);
  if (name === 'TwoStepAdapter') return new TwoStepAdapter({ extractionLM });
  throw new NotApplicable(`later issue: the ${name}`);
}

/** Messages that the adapters make, and the options that go with them; media and tools by themselves. */
export const formatSuite: Suite = {
  file: 'format.jsonl',
  covers: (group) => /^(?:(?:chat|json|xml|baml|twostep)\/|construct$|describe-tool$)/.test(group),
  replay: (vector) => {
    if (vector.group === 'construct') return replayMedia(vector);
    return vector.group === 'describe-tool' ? replayTool(vector) : replayFormat(vector);
  },
};

function replayFormat({ input, expect }: Vector): Outcome {
  const adapter = decodeAdapter(input.adapter);
  const { spec, types } = decodeSignature(input.signature);
  // biome-ignore lint/suspicious/noExplicitAny: recorded demos
  const demos = input.demos.map((demo: any) => decodeValue(demo, types));
  const inputs = decodeValue(input.inputs, types) as Record<string, unknown>;
  const lm = modelOf(input.lm ?? { model: 'none', supports: {} }, types);
  let actual: { readonly messages: unknown; readonly options?: unknown };
  try {
    if (input.call === 'format_finetune_data') {
      const outputs = decodeValue(input.outputs, types) as Record<string, unknown>;
      actual = { messages: adapter.formatFinetuneData(spec, demos, inputs, outputs).map(wireMessage) };
    } else if (input.lm === undefined) {
      actual = { messages: adapter.format(spec, demos, inputs).map(wireMessage) };
    } else {
      const given = decodeOptions(decodeValue(input.lm_kwargs ?? {}, types) as Record<string, unknown>);
      const options = { ...given, ...adapter.requestOptions(spec, lm.capabilities) };
      const call = adapter.preprocess({ spec, inputs, options }, lm);
      actual = { messages: adapter.format(call.spec, demos, call.inputs).map(wireMessage), options: call.options };
    }
  } catch (error) {
    const refused = expect.error !== undefined;
    return refused ? { kind: 'equal' } : { kind: 'different', expected: expect.messages, actual: String(error) };
  }
  if (expect.error !== undefined) return { kind: 'different', expected: expect.error, actual };
  if (!sameValue(expect.messages, actual.messages)) {
    return { kind: 'different', expected: expect.messages, actual: actual.messages };
  }
  if (input.lm === undefined) return { kind: 'equal' };
  const expected = expectedOptions(expect.lm_kwargs, types);
  return sameValue(expected, actual.options)
    ? { kind: 'equal' }
    : { kind: 'different', expected, actual: actual.options };
}

interface DescribedLM {
  readonly model: string;
  readonly kwargs?: Record<string, unknown>;
  readonly supports: {
    readonly params?: readonly string[];
    readonly response_schema?: boolean;
    readonly function_calling?: boolean;
    readonly reasoning?: boolean;
  };
}

/** A described model, as far as adapters know one. */
export function modelOf({ model, kwargs = {}, supports }: DescribedLM, types: NamedTypes): AdapterModel {
  const jsonMode = supports.params?.includes('response_format') ?? false;
  return {
    model,
    defaults: decodeOptions(decodeValue(kwargs, types) as Record<string, unknown>),
    capabilities: {
      jsonMode,
      jsonSchema: jsonMode && supports.response_schema === true,
      functionCalling: supports.function_calling === true,
      reasoning: supports.reasoning === true,
    },
  };
}

/** Recorded options of a request; a structured `response_format` by its name and strict schema. */
// biome-ignore lint/suspicious/noExplicitAny: recorded options
export function expectedOptions({ response_format: format, ...others }: any, types: NamedTypes): object {
  const options = decodeOptions(decodeValue(others, types) as Record<string, unknown>);
  if (format === undefined) return options;
  const { model, strict_schema: schema } = format;
  const responseFormat = model === undefined ? format : { type: 'json_schema', name: model, schema, strict: true };
  return { ...options, responseFormat };
}
