import { AdapterParseError } from '../../../src/core/errors/adapter-errors';
import { JsonParseError, ValueParseError } from '../../../src/core/errors/value-errors';
import type { AskFollowUp } from '../../../src/core/ports/adapter';
import { parseValue } from '../../../src/core/signatures/coerce';
import { Code } from '../../../src/core/signatures/values/code';
import { readTolerantJson } from '../../../src/core/util/tolerant-json';
import { parseFields } from '../../../src/lm/adapters/parse-fields';
import { answerFollowUp } from '../../../src/program/predict/answer';
import { decodeSignature } from '../decode-signature';
import { NamedTypes } from '../decode-type';
import { decodeValue } from '../decode-value';
import { ScriptedLM } from '../programs/scripted-lm';
import { sameValue } from '../same-value';
import type { Outcome, Suite, Vector } from '../suite';
import { decodeAdapter } from './format';

/** What becomes of the texts models write: values, repaired JSON, whole answers. */
export const parseSuite: Suite = {
  file: 'parse.jsonl',
  covers: (group) => /^(?:value\/|json-repair|code-fence|defaults|chat\/|json\/|xml\/|baml\/|twostep\/)/.test(group),
  replay: (vector) => {
    if (vector.group.startsWith('value/')) return replayValue(vector);
    if (vector.group === 'json-repair') return replayRepair(vector);
    if (vector.group === 'defaults') return replayDefaults(vector);
    if (vector.group === 'code-fence') return replayFence(vector);
    return replayCompletion(vector);
  },
};

function replayValue({ input, expect }: Vector): Outcome {
  const types = new NamedTypes();
  const type = types.decode(input.type);
  return compare(expect, types, expect.value, () => parseValue(decodeValue(input.value, types), type));
}

function replayFence({ input, expect }: Vector): Outcome {
  return compare(expect, new NamedTypes(), expect.code, () => new Code(input.text).code);
}

function replayRepair({ input, expect }: Vector): Outcome {
  return compare(expect, new NamedTypes(), expect.value, () => {
    try {
      return readTolerantJson(input.text);
    } catch (error) {
      // The reference says "nothing found" by an empty text, we by an error.
      if (error instanceof JsonParseError) return '';
      throw error;
    }
  });
}

function replayDefaults({ input, expect }: Vector): Outcome {
  const { spec, types } = decodeSignature(input.signature);
  const given = decodeValue(input.fields, types) as Record<string, unknown>;
  const context = { adapter: 'defaults', spec, completion: '' };
  return compare(expect, types, expect.fields, () => {
    try {
      return parseFields(context, (name) => given[name]);
    } catch (error) {
      if (error instanceof AdapterParseError && error.details.parsed) return error.details.parsed;
      throw error;
    }
  });
}

const ask: AskFollowUp = async (question) => (await answerFollowUp(question)).completions[0] ?? {};

async function replayCompletion({ input, expect }: Vector): Promise<Outcome> {
  const extractionLM = new ScriptedLM('extraction', {}, input.extraction_script);
  const adapter = decodeAdapter(input.adapter, extractionLM);
  const { spec, types } = decodeSignature(input.signature);
  const fallsBack = adapter.fallback !== undefined;
  if (expect.error !== undefined && expect.falls_back_to_json !== fallsBack) {
    return { kind: 'different', expected: { fallsBack: expect.falls_back_to_json }, actual: { fallsBack } };
  }
  let parsed: () => unknown;
  try {
    const fields = await adapter.parse(spec, input.completion, ask);
    parsed = () => fields;
  } catch (error) {
    parsed = () => {
      throw error;
    };
  }
  const outcome = compare(expect, types, expect.fields, parsed);
  const requests = extractionLM.requests.map(({ messages }) => messages);
  // biome-ignore lint/suspicious/noExplicitAny: recorded requests
  const expected = (expect.requests ?? []).map((request: any) => request.messages);
  if (outcome.kind !== 'equal' || sameValue(expected, requests)) return outcome;
  return { kind: 'different', expected, actual: requests };
}

// biome-ignore lint/suspicious/noExplicitAny: recorded expectations
function compare(expect: any, types: NamedTypes, recorded: unknown, run: () => unknown): Outcome {
  let actual: unknown;
  try {
    actual = run();
  } catch (error) {
    const named = error instanceof ValueParseError || error instanceof AdapterParseError;
    if (expect.error !== undefined && named) return { kind: 'equal' };
    return { kind: 'different', expected: expect.error ?? recorded, actual: String(error) };
  }
  if (expect.error !== undefined) return { kind: 'different', expected: expect.error, actual };
  const expected = decodeValue(recorded, types);
  const order = Array.isArray(expect.order) ? expect.order : undefined;
  const ordered = order === undefined || order.join() === Object.keys(actual as object).join();
  return ordered && sameValue(expected, actual) ? { kind: 'equal' } : { kind: 'different', expected, actual };
}
