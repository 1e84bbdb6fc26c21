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
import { hostileTexts } from 'dspex/testing';
import { describe, expect, it } from 'vitest';
import { ValueParseError } from '../../../src/core/errors/value-errors';
import { parseValue } from '../../../src/core/signatures/coerce';
import { formatFieldValue } from '../../../src/core/signatures/python-text';
import type { SignatureSpec } from '../../../src/core/signatures/signature-spec';
import { noFollowUp } from './typed-answers';

const ADAPTERS: readonly Adapter[] = [new ChatAdapter(), new JSONAdapter(), new XMLAdapter(), new BAMLAdapter()];
const TYPES = [
  'str',
  'int',
  'float',
  'bool',
  'Any',
  'list[str]',
  'dict[str, Any]',
  "Literal['a', 'b']",
  'Optional[int]',
  'datetime',
];
const TEXTS = hostileTexts(1000);
const specOfType = (type: string) => signature<string>(`q -> answer: ${type}`) as unknown as SignatureSpec;

/** An ordinary value: no prototype but those of values, at any depth. */
function isInert(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  const prototypes = [Object.prototype, Array.prototype, Date.prototype];
  return prototypes.includes(Object.getPrototypeOf(value)) && Object.values(value).every(isInert);
}

describe.each(TEXTS)('$name', ({ text }) => {
  it.each(ADAPTERS)('is an ordinary value or refused by $name, bare and in the place of a field', (adapter) => {
    const before = Object.getOwnPropertyNames(Object.prototype);
    const answers = [
      text,
      `[[ ## answer ## ]]\n${text}`,
      `{"answer": ${text}}`,
      `{"answer": "${text}"}`,
      `<answer>${text}</answer>`,
    ];
    for (const answer of answers) {
      for (const type of TYPES) {
        const partial = new PartialAnswer(adapter, specOfType(type));
        partial.push(answer);
        try {
          expect(isInert(partial.end(noFollowUp))).toBe(true);
        } catch (error) {
          expect(error).toBeInstanceOf(AdapterParseError);
          expect((error as Error).message.length).toBeLessThan(10_000);
        }
      }
    }
    expect(Object.getOwnPropertyNames(Object.prototype)).toEqual(before);
    expect('polluted' in {}).toBe(false);
  });

  it('is an ordinary value or refused as a value of each type', () => {
    for (const type of TYPES) {
      const field = specOfType(type).outputs[0];
      try {
        expect(isInert(field && parseValue(text, field.type))).toBe(true);
      } catch (error) {
        expect(error).toBeInstanceOf(ValueParseError);
      }
    }
  });

  it('stands in a prompt as it is when it is asked about', () => {
    const [field] = specOfType('str').inputs;
    expect(field && formatFieldValue(field, text)).toBe(text);
    expect(JSON.stringify(new ChatAdapter().format(specOfType('str'), [], { q: text })).length).toBeGreaterThan(
      text.trim().length,
    );
  });
});
