import { isDeepStrictEqual } from 'node:util';
import { AdapterParseError } from '../../core/errors/adapter-errors';
import type { Adapter, AskFollowUp } from '../../core/ports/adapter';
import { NO_CAPABILITIES } from '../../core/ports/lm';
import { type Message, textOf } from '../../core/primitives/message';
import type { FieldValues } from '../../core/signatures/field-spec';
import { signature } from '../../core/signatures/signature';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { answerFollowUp } from '../../program/predict/answer';
import { BrokenLawError } from './broken-law-error';
import { hostileTexts } from './hostile-texts';

/** Makes the adapter under test. */
export type MakeAdapter = () => Adapter;

/** One promise that every adapter keeps; `check` rejects with `BrokenLawError` where it does not. */
export interface AdapterLaw {
  readonly name: string;
  check(make: MakeAdapter): Promise<void>;
}

interface Case {
  readonly spec: SignatureSpec;
  readonly inputs: FieldValues;
  readonly outputs: FieldValues;
}

const asSpec = (spec: unknown) => spec as SignatureSpec;

/** Signatures with values that survive a prompt in any layout. */
const CASES: readonly Case[] = [
  {
    spec: asSpec(signature('question -> answer')),
    inputs: { question: 'Who wrote Middlemarch?' },
    outputs: { answer: 'George Eliot' },
  },
  {
    spec: asSpec(signature('text, limit: int -> tags: list[str], score: float, ok: bool, kind: Literal["a", "b c"]')),
    inputs: { text: 'two\nlines: "quoted", {braced}', limit: 3 },
    outputs: { tags: ['one', 'it\'s "two"'], score: 1, ok: false, kind: 'b c' },
  },
  {
    spec: asSpec(signature('q -> best: Optional[int], counts: dict[str, int], rest: list[list[float]]')),
    inputs: { q: 'ünïcödé 🎉' },
    outputs: { best: null, counts: { a: 1, 'b c': -2 }, rest: [[0.5, 2], []] },
  },
];

/** Long enough for every reader to go wrong, short enough for a test. */
const HOSTILE_SIZE = 5000;

/** The contract of adapters, for whoever writes one: `for (const law of adapterLaws) await law.check(() => new MyAdapter())`. */
export const adapterLaws: readonly AdapterLaw[] = [
  law('equal arguments give equal messages, and none is changed', (adapter, say) => {
    for (const { spec, inputs, outputs } of CASES) {
      const demos = Object.freeze([Object.freeze({ ...inputs, ...outputs })]);
      const given = Object.freeze({ ...inputs });
      const first = JSON.stringify(adapter.format(spec, demos, given));
      if (JSON.stringify(adapter.format(spec, demos, given)) !== first) say('a second call gave other messages');
    }
  }),
  law('what is asked stands in the last message of the user', (adapter, say) => {
    for (const { spec, inputs } of CASES) {
      const messages = adapter.format(spec, [], inputs);
      const last = messages.findLast((message) => message.role === 'user');
      const missing = Object.values(inputs).filter(
        (value) => typeof value === 'string' && !(last && textOf(last).includes(value)),
      );
      if (missing.length > 0) say(`it does not contain ${JSON.stringify(missing)}`);
    }
  }),
  law('the answer shown in a demo is read back as its outputs', async (adapter, say) => {
    for (const { spec, outputs, answer } of answers(adapter)) {
      const parsed = await adapter.parse(spec, answer, ask);
      if (!isDeepStrictEqual({ ...parsed }, outputs))
        say(`${JSON.stringify(outputs)} became ${JSON.stringify(parsed)}`);
    }
  }),
  law('a parsed answer has every output, in the order of the signature', async (adapter, say) => {
    for (const { spec, answer } of answers(adapter)) {
      const names = Object.keys(await adapter.parse(spec, answer, ask)).join();
      if (names !== spec.outputs.map((field) => field.name).join()) say(`it has ${names}`);
    }
  }),
  law('an answer cut anywhere is read or refused with AdapterParseError', async (adapter, say) => {
    for (const { spec, answer } of answers(adapter)) {
      for (let end = 0; end < answer.length; end++) await readOrRefuse(adapter, spec, answer.slice(0, end), say);
    }
  }),
  law('hostile answers are read or refused, and change nothing', async (adapter, say) => {
    const before = Object.getOwnPropertyNames(Object.prototype).join();
    for (const { spec } of CASES)
      for (const { text } of hostileTexts(HOSTILE_SIZE)) await readOrRefuse(adapter, spec, text, say);
    const polluted = Object.getOwnPropertyNames(Object.prototype).join() !== before || 'polluted' in {};
    if (polluted) say('Object.prototype was changed');
  }),
  law('nothing is asked of a model that can do nothing special', (adapter, say) => {
    for (const { spec } of CASES) {
      const { responseFormat } = adapter.requestOptions(spec, NO_CAPABILITIES);
      if (responseFormat !== undefined) say('it asks for a response format');
    }
  }),
  law('fallbacks come to an end', (adapter, say) => {
    let steps = 0;
    for (let next = adapter.fallback; next !== undefined; next = next.fallback)
      if (++steps > 8) return say('they do not');
  }),
];

type Say = (found: string) => never;

function law(name: string, check: (adapter: Adapter, say: Say) => void | Promise<void>): AdapterLaw {
  return {
    name,
    async check(make) {
      const adapter = make();
      await check(adapter, (found) => {
        throw new BrokenLawError(name, `${adapter.name}: ${found}`);
      });
    },
  };
}

/** As a predictor would answer what an adapter asks. */
const ask: AskFollowUp = async (question) => (await answerFollowUp(question)).completions[0] ?? {};

/** Each case with its answer as the adapter shows it to the model; adapters that show demos elsewhere give none. */
function answers(adapter: Adapter): readonly (Case & { readonly answer: string })[] {
  return CASES.flatMap((each) => {
    const messages: readonly Message[] = adapter.format(each.spec, [{ ...each.inputs, ...each.outputs }], each.inputs);
    const shown = messages.find((message) => message.role === 'assistant');
    return shown === undefined ? [] : [{ ...each, answer: textOf(shown) }];
  });
}

async function readOrRefuse(adapter: Adapter, spec: SignatureSpec, text: string, say: Say): Promise<void> {
  try {
    await adapter.parse(spec, text, ask);
  } catch (error) {
    if (!(error instanceof AdapterParseError))
      say(`it threw ${String(error)} for ${JSON.stringify(text.slice(0, 80))}`);
  }
}
