import type { Adapter } from '../../../src/core/ports/adapter';
import { NO_CAPABILITIES } from '../../../src/core/ports/lm';
import { ChatAdapter } from '../../../src/lm/adapters/chat-adapter';
import { JSONAdapter } from '../../../src/lm/adapters/json-adapter';
import { decodeSignature } from '../decode-signature';
import { decodeValue } from '../decode-value';
import { NotApplicable } from '../not-applicable';
import { sameValue } from '../same-value';
import type { Outcome, Suite, Vector } from '../suite';

/** The adapter a vector names. Throws `NotApplicable` for one that is not there yet. */
export function decodeAdapter({ name, options }: { name: string; options: Record<string, unknown> }): Adapter {
  const { use_json_adapter_fallback: fallback, ...others } = options;
  const later = Object.keys(others)[0];
  if (later !== undefined) throw new NotApplicable(`later issue: the adapter option '${later}'`);
  if (name === 'ChatAdapter') {
    return new ChatAdapter(typeof fallback === 'boolean' ? { useJSONAdapterFallback: fallback } : {});
  }
  if (name === 'JSONAdapter') return new JSONAdapter();
  throw new NotApplicable(`later issue: the ${name}`);
}

/** Messages that the chat and JSON adapters make, and the response format that goes with them. */
export const formatSuite: Suite = {
  file: 'format.jsonl',
  covers: (group) => /^(?:chat|json)\//.test(group),
  replay: replayFormat,
};

function replayFormat({ input, expect }: Vector): Outcome {
  if (input.call !== undefined) throw new NotApplicable(`later issue: ${input.call}`);
  const adapter = decodeAdapter(input.adapter);
  const { spec, types } = decodeSignature(input.signature);
  // biome-ignore lint/suspicious/noExplicitAny: recorded demos
  const demos = input.demos.map((demo: any) => decodeValue(demo, types));
  const inputs = decodeValue(input.inputs, types) as Record<string, unknown>;
  let messages: unknown;
  try {
    messages = adapter.format(spec, demos, inputs);
  } catch (error) {
    const refused = expect.error !== undefined;
    return refused ? { kind: 'equal' } : { kind: 'different', expected: expect.messages, actual: String(error) };
  }
  if (!sameValue(expect.messages, messages)) return { kind: 'different', expected: expect.messages, actual: messages };
  return input.lm === undefined
    ? { kind: 'equal' }
    : responseFormat({ input, expect }, adapter.requestOptions(spec, capabilities(input.lm)));
}

function capabilities(lm: { supports: { params?: string[]; response_schema?: boolean } }) {
  const jsonMode = lm.supports.params?.includes('response_format') ?? false;
  return { ...NO_CAPABILITIES, jsonMode, jsonSchema: jsonMode && lm.supports.response_schema === true };
}

function responseFormat({ expect }: Pick<Vector, 'input' | 'expect'>, options: object): Outcome {
  const recorded = expect.lm_kwargs.response_format;
  const expected =
    recorded?.model === undefined
      ? { ...(recorded === undefined ? {} : { responseFormat: recorded }) }
      : { responseFormat: { type: 'json_schema', name: recorded.model, schema: recorded.strict_schema, strict: true } };
  return sameValue(expected, options) ? { kind: 'equal' } : { kind: 'different', expected, actual: options };
}
