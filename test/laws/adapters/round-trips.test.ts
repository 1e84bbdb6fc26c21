import { type Adapter, AdapterParseError, BAMLAdapter, ChatAdapter, JSONAdapter, XMLAdapter } from 'dspex/adapters';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TypeSpec } from '../../../src/core/signatures/type-spec';
import { readTolerantJson } from '../../../src/core/util/tolerant-json';
import { noFollowUp, textOfAnswer, typedAnswer } from './typed-answers';

/**
 * What the reference's elements can tell: not a list inside a tuple from its items, nor an empty optional list, object or
 * text from none.
 */
function xmlTells(type: TypeSpec): boolean {
  switch (type.kind) {
    case 'tuple':
      return false;
    case 'union':
      return type.options.every((option) => !CONTAINERS.includes(option.kind) && option.kind !== 'str');
    case 'list':
      return type.item === undefined || xmlTells(type.item);
    case 'dict':
      return type.value === undefined || xmlTells(type.value);
    case 'model':
      return type.fields.every((field) => xmlTells(field.type));
    default:
      return true;
  }
}

const CONTAINERS = ['list', 'set', 'dict', 'tuple', 'model'];
const ADAPTERS: readonly Adapter[] = [new ChatAdapter(), new JSONAdapter(), new XMLAdapter(), new BAMLAdapter()];

describe.each(ADAPTERS)('$name', (adapter) => {
  it('reads every answer that it writes as the values it was written from', () => {
    fc.assert(
      fc.property(typedAnswer, ({ spec, values }) => {
        fc.pre(!(adapter instanceof XMLAdapter) || spec.outputs.every(({ type }) => xmlTells(type)));
        expect(adapter.parse(spec, textOfAnswer(adapter, spec, values), noFollowUp)).toEqual(values);
      }),
      { numRuns: 300 },
    );
  });

  it('reads or refuses any text at all', () => {
    fc.assert(
      fc.property(typedAnswer, fc.string({ unit: 'binary' }), fc.nat(), ({ spec, values }, noise, at) => {
        const whole = textOfAnswer(adapter, spec, values);
        const place = at % (whole.length + 1);
        for (const completion of [noise, whole.slice(0, place), whole.slice(0, place) + noise + whole.slice(place)]) {
          try {
            adapter.parse(spec, completion, noFollowUp);
          } catch (error) {
            expect(error).toBeInstanceOf(AdapterParseError);
          }
        }
      }),
    );
  });
});

it('the tolerant reader agrees with JSON.parse on every object and list that is JSON', () => {
  fc.assert(
    fc.property(fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue())), (value) => {
      const text = JSON.stringify(value);
      // whole numbers beyond 2^53 are exact, as bigint
      const rounded = (_: string, member: unknown) => (typeof member === 'bigint' ? Number(member) : member);
      expect(JSON.stringify(readTolerantJson(text), rounded)).toBe(JSON.stringify(JSON.parse(text)));
      // a spare comma sends the text through the tolerant path
      const sloppy = text.replace(/[\]}]$/, ',$&');
      expect(Object.keys(readTolerantJson(sloppy) as object)).toHaveLength(Object.keys(value).length);
    }),
  );
});
