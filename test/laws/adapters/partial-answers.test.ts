import {
  type Adapter,
  AdapterParseError,
  BAMLAdapter,
  ChatAdapter,
  JSONAdapter,
  PartialAnswer,
  XMLAdapter,
} from 'dspex/adapters';
import { signature } from 'dspex/program';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { noFollowUp, textOfAnswer, typedAnswer } from './typed-answers';

const SPEC = signature('q -> answer, score: float, tags: list[str]') as unknown as SignatureSpec;
const ADAPTERS: readonly Adapter[] = [new ChatAdapter(), new JSONAdapter(), new XMLAdapter(), new BAMLAdapter()];

/** Cuts a text at these places. */
function pieces(text: string, cuts: readonly number[]): string[] {
  const places = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
  return [0, ...places].map((from, at) => text.slice(from, places[at] ?? text.length));
}

interface Streamed {
  /** The values, or what was wrong. */
  readonly outcome: unknown;
  readonly fields: unknown;
  readonly events: readonly { field: string; text: string; last: boolean }[];
}

function streamed(adapter: Adapter, spec: SignatureSpec, parts: readonly string[]): Streamed {
  const answer = new PartialAnswer(adapter, spec);
  const events = parts.flatMap((part) => answer.push(part));
  return { outcome: outcomeOf(() => answer.end(noFollowUp)), fields: answer.fields, events };
}

function outcomeOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof AdapterParseError)) throw error;
    return error.message;
  }
}

const cuts = fc.array(fc.nat(), { maxLength: 30 });
/** Answers as models garble them: the right ones, headers and brackets in odd places, noise. */
const garbled = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        '[[ ## answer ## ]]',
        '[[ ## score ## ]]',
        '[[ ## completed ## ]]',
        '\n',
        '\r\n',
        '  ',
        '1.5',
        '[',
      ),
      fc.constantFrom('{"answer": "', '", "score": ', '\\u00e9', '\\n', '}', '["a", "b"]', '<answer>', '</answer>'),
      fc.string({ unit: 'binary', maxLength: 6 }),
    ),
    { maxLength: 14 },
  )
  .map((parts) => parts.join(''));

describe.each(ADAPTERS)('$name', (adapter) => {
  it('ends a stream with the same values and texts however the answer is cut', () => {
    fc.assert(
      fc.property(typedAnswer, cuts, ({ spec, values }, places) => {
        const text = textOfAnswer(adapter, spec, values);
        const whole = streamed(adapter, spec, [text]);
        expect(whole.outcome).toEqual(outcomeOf(() => adapter.parse(spec, text, noFollowUp)));
        const cut = streamed(adapter, spec, pieces(text, places));
        expect({ ...cut, events: [] }).toEqual({ ...whole, events: [] });
      }),
    );
  });

  it('ends a garbled stream as the garbled whole, and never takes back what it said', () => {
    fc.assert(
      fc.property(garbled, cuts, (text, places) => {
        const whole = streamed(adapter, SPEC, [text]);
        expect(whole.outcome).toEqual(outcomeOf(() => adapter.parse(SPEC, text, noFollowUp)));
        const cut = streamed(adapter, SPEC, pieces(text, places));
        expect({ ...cut, events: [] }).toEqual({ ...whole, events: [] });
        const said = cut.events.filter(({ field }) => field === 'answer').map((event) => event.text);
        expect((cut.fields as { answer?: string }).answer ?? '').toContain(said.join(''));
      }),
    );
  });
});

it.each([new ChatAdapter(), new JSONAdapter()])(
  '$name gives a text field in the pieces it comes in, without its layout',
  (adapter) => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', minLength: 1 }), cuts, (value, places) => {
        const spec = signature('q -> first, second: int') as unknown as SignatureSpec;
        const text = textOfAnswer(adapter, spec, {
          first: `a ${value}`.replace(/[\u0085\u2028\u2029]/g, '').trim(),
          second: 3,
        });
        const { fields, outcome, events } = streamed(adapter, spec, pieces(text, places));
        expect(fields).toEqual({ first: (outcome as { first: string }).first, second: '3' });
        expect(events.filter(({ last }) => last).map(({ field }) => field)).toContain('first');
      }),
    );
  },
);

it('shows each word as soon as it cannot be layout any more', () => {
  const answer = new PartialAnswer(new ChatAdapter(), SPEC);
  const shown = ['[[ ## ans', 'wer ## ]]\n', ' Two', ' words \n', '\n[[ ##', ' score', ' ## ]]\n1', '.5'].map((piece) =>
    answer.push(piece).map(({ field, text, last }) => (last ? `${field} ends` : `${field}:${text}`)),
  );
  expect(shown).toEqual([[], [], ['answer:Two'], ['answer: words'], [], [], ['answer ends', 'score:1'], ['score:.5']]);
});

it('an answer is read one time only, and takes nothing after its end', () => {
  let reads = 0;
  class Counting extends ChatAdapter {
    override parse(...[spec, completion]: Parameters<ChatAdapter['parse']>) {
      reads += 1;
      return super.parse(spec, completion);
    }
  }
  const good = new PartialAnswer(new Counting(), signature('q -> answer') as unknown as SignatureSpec);
  good.push('[[ ## answer ## ]]\nyes');
  expect(good.end(noFollowUp)).toBe(good.end(noFollowUp));
  expect(reads).toBe(1);
  expect(() => good.push('more')).toThrow('has ended');
  const bad = new PartialAnswer(new Counting(), SPEC);
  const errors = [1, 2].map(() => {
    try {
      return bad.end(noFollowUp);
    } catch (error) {
      return error;
    }
  });
  expect(errors[0]).toBeInstanceOf(AdapterParseError);
  expect(errors[1]).toBe(errors[0]);
  expect(reads).toBe(2);
});

it('a list in JSON is told while it is written, a number when it is whole', () => {
  const { events } = streamed(new JSONAdapter(), SPEC, [
    '{"score": 1',
    '2.5 , "tags": ["a',
    '", {"b": "]"}',
    '] , "answer": "x',
    '"}',
  ]);
  expect(events).toEqual([
    { field: 'score', text: '12.5', last: false },
    { field: 'score', text: '', last: true },
    { field: 'tags', text: '["a', last: false },
    { field: 'tags', text: '", {"b": "]"}', last: false },
    { field: 'tags', text: ']', last: false },
    { field: 'tags', text: '', last: true },
    { field: 'answer', text: 'x', last: false },
    { field: 'answer', text: '', last: true },
  ]);
  expect(streamed(new JSONAdapter(), SPEC, ['{"tags": x[1], "answer": "y"}']).events).toEqual([]);
});
