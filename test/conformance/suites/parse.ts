import { AdapterParseError } from '../../../src/core/errors/adapter-errors';
import { JsonParseError, ValueParseError } from '../../../src/core/errors/value-errors';
import { parseValue } from '../../../src/core/signatures/coerce';
import { readTolerantJson } from '../../../src/core/util/tolerant-json';
import { parseFields } from '../../../src/lm/adapters/parse-fields';
import { decodeSignature } from '../decode-signature';
import { NamedTypes } from '../decode-type';
import { decodeValue } from '../decode-value';
import { NotApplicable } from '../not-applicable';
import { sameValue } from '../same-value';
import type { Outcome, Suite, Vector } from '../suite';
import { decodeAdapter } from './format';

/** What becomes of the texts models write: values, repaired JSON, whole answers. */
export const parseSuite: Suite = {
  file: 'parse.jsonl',
  covers: (group) => /^(?:value\/|json-repair|code-fence|defaults|chat\/|json\/)/.test(group),
  replay: (vector) => {
    if (vector.group.startsWith('value/')) return replayValue(vector);
    if (vector.group === 'json-repair') return replayRepair(vector);
    if (vector.group === 'defaults') return replayDefaults(vector);
    if (vector.group === 'code-fence') throw new NotApplicable("later issue: the type 'code'");
    return replayCompletion(vector);
  },
};

function replayValue({ input, expect }: Vector): Outcome {
  const types = new NamedTypes();
  const type = types.decode(input.type);
  return compare(expect, types, expect.value, () => parseValue(decodeValue(input.value, types), type));
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

function replayCompletion({ input, expect }: Vector): Outcome {
  const adapter = decodeAdapter(input.adapter);
  const { spec, types } = decodeSignature(input.signature);
  const fallsBack = adapter.fallback !== undefined;
  if (expect.error !== undefined && expect.falls_back_to_json !== fallsBack) {
    return { kind: 'different', expected: { fallsBack: expect.falls_back_to_json }, actual: { fallsBack } };
  }
  return compare(expect, types, expect.fields, () => adapter.parse(spec, input.completion));
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
