import { createHash } from 'node:crypto';
import { type LMRequest, type Message, requestKey } from 'dspex';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { sharePrefix } from '../../../../src/core/primitives/shared-prefix';
import { canonicalJson, jsonText } from '../../../../src/core/util/canonical-json';

/** The same again, as plainly as can be. */
function plainJson(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map((one) => plainJson(one ?? null)).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null';
  const members = Object.entries(value)
    .filter(([, member]) => member !== undefined)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([key, member]) => `${JSON.stringify(key)}:${plainJson(member)}`);
  return `{${members.join(',')}}`;
}

function plainKey({ endpoint, model, messages, options, rolloutId }: LMRequest): string {
  const text = plainJson({ endpoint, model, messages, options, rolloutId });
  return createHash('sha256').update(text).digest('hex');
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  // Halves of surrogate pairs among them.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 }).map((units) => String.fromCharCode(...units)),
  fc.constant('a line\n'.repeat(300)),
);
const messages: fc.Arbitrary<Message> = fc.oneof(
  fc.record({ role: fc.constantFrom('system', 'user', 'assistant'), content: texts }),
  fc.record({ content: fc.array(fc.record({ type: fc.constant('text'), text: texts })), role: fc.constant('user') }),
  fc.record({
    role: fc.constant('assistant'),
    content: fc.constantFrom(null, 'then'),
    toolCalls: fc.array(fc.record({ id: texts, name: texts, arguments: fc.json() }), { maxLength: 2 }),
  }),
  fc.record({
    role: fc.constant('tool'),
    content: texts,
    toolCallId: texts,
    name: fc.option(texts, { nil: undefined }),
  }),
) as fc.Arbitrary<Message>;
const requests: fc.Arbitrary<LMRequest> = fc.record({
  endpoint: fc.constantFrom('instant:', 'https://one/v1', 'https://two/"v1"', 'three:', 'four:', 'five:'),
  model: texts,
  messages: fc.array(messages, { maxLength: 4 }),
  options: fc.record(
    {
      temperature: fc.double({ noNaN: true }),
      stop: fc.array(texts, { maxLength: 2 }),
      extra: fc.dictionary(texts, fc.jsonValue()),
    },
    { requiredKeys: [] },
  ),
  rolloutId: fc.option(fc.oneof(fc.integer(), texts), { nil: undefined }),
}) as fc.Arbitrary<LMRequest>;

describe('the key of a request', () => {
  test('is the SHA-256 of its canonical JSON, whatever it holds', () => {
    fc.assert(
      fc.property(requests, (request) => {
        expect(requestKey(request)).toBe(plainKey(request));
      }),
    );
  });

  test('is the same where many requests begin with the same messages, at one endpoint or another', () => {
    fc.assert(
      fc.property(
        fc.array(messages, { minLength: 1, maxLength: 4 }),
        fc.array(requests, { maxLength: 6 }),
        (shared, asked) => {
          const prefix = sharePrefix(Object.freeze(shared.map((one) => Object.freeze(one))));
          for (const rest of asked) {
            const request = { ...rest, messages: [...prefix, ...rest.messages] };
            for (let times = 0; times < 2; times += 1) expect(requestKey(request)).toBe(plainKey(request));
          }
        },
      ),
    );
  });

  test('does not take a prompt that begins as another one for it', () => {
    const prefix = sharePrefix(
      Object.freeze(['a', 'b'].map((content) => Object.freeze({ role: 'user', content } as const))),
    );
    const request = { endpoint: 'instant:', model: 'm', messages: prefix, options: {} };
    const [first, second] = prefix;
    const others = [[first], [first, { role: 'user', content: 'c' }], [second, first]] as Message[][];
    const keys = [request, ...others.map((one) => ({ ...request, messages: one }))].map(requestKey);
    expect(new Set(keys).size).toBe(4);
  });
});

test('canonical JSON writes any text and any value as JSON does', () => {
  fc.assert(
    fc.property(texts, (text) => {
      expect(jsonText(text)).toBe(JSON.stringify(text));
    }),
  );
  fc.assert(
    fc.property(fc.jsonValue(), (value) => {
      expect(canonicalJson(value)).toBe(plainJson(value));
    }),
  );
  for (let unit = 0; unit <= 0xffff; unit += 1) {
    const text = String.fromCharCode(unit);
    if (jsonText(text) !== JSON.stringify(text)) expect(jsonText(text)).toBe(JSON.stringify(text));
  }
});
