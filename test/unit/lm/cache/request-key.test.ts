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

function plainText(text: string): string {
  return text.isWellFormed() ? `${text.length}:${text}` : JSON.stringify(text);
}

/** What is hashed of a request. */
function plainForm({ endpoint, model, messages, options, rolloutId }: LMRequest): string {
  const written = messages.map((message) => {
    const { role, content, ...rest } = message;
    const isPlain = typeof content === 'string' && Object.values(rest).every((value) => value === undefined);
    return isPlain ? plainText(role) + plainText(content) : plainJson(message);
  });
  const rollout = rolloutId === undefined ? '' : plainJson(rolloutId);
  return `${plainJson(['dspex-request-1', endpoint, model, options])}${written.join('')};${rollout}`;
}

function plainKey(request: LMRequest): string {
  return createHash('sha256').update(plainForm(request)).digest('hex');
}

/** The request that such a text was made of, as plain JSON. */
function readBack(form: string): string {
  let at = 0;
  /** One string, list or object of JSON. */
  const value = (): unknown => {
    const from = at;
    let depth = 0;
    do {
      if (form[at] === '"') {
        for (at += 1; form[at] !== '"'; at += 1) if (form[at] === '\\') at += 1;
      } else if (form[at] === '{' || form[at] === '[') depth += 1;
      else if (form[at] === '}' || form[at] === ']') depth -= 1;
      at += 1;
    } while (depth > 0);
    return JSON.parse(form.slice(from, at));
  };
  const text = (): unknown => {
    if (form[at] === '"') return value();
    const from = form.indexOf(':', at) + 1;
    const length = Number(form.slice(at, from - 1));
    at = from + length;
    return form.slice(from, at);
  };
  const [, endpoint, model, options] = value() as unknown[];
  const messages: unknown[] = [];
  while (form[at] !== ';') messages.push(form[at] === '{' ? value() : { role: text(), content: text() });
  const rollout = form.slice(at + 1);
  const rolloutId = rollout === '' ? undefined : JSON.parse(rollout);
  return plainJson({ endpoint, model, messages, options, rolloutId });
}

const texts = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  // Halves of surrogate pairs among them.
  fc.array(fc.integer({ min: 0, max: 0xffff }), { maxLength: 80 }).map((units) => String.fromCharCode(...units)),
  // What the form itself is made of, and what is easily taken for something else.
  fc
    .array(
      fc.constantFrom(';', ':', '0', '1', '12', '"', '\\', '{', '}', 'a', '\ud83d', '\ude00', '\ufffd', '"a"', '1:a'),
    )
    .map((parts) => parts.join('')),
  fc.constantFrom('a line\n'.repeat(300), 'a line\n'.repeat(1300), `${'a line\n'.repeat(1300)}\ud83d`),
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

describe('what is hashed of a request', () => {
  test('can be read back, so no two requests have the same', () => {
    fc.assert(
      fc.property(requests, (request) => {
        const form = plainForm(request);
        expect(form.isWellFormed()).toBe(true);
        expect(readBack(form)).toBe(plainJson(request));
      }),
    );
  });
});

describe('the key of a request', () => {
  test('is the SHA-256 of its canonical form, whatever it holds', () => {
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

  test('is that of every equal request, in whatever order it was written', () => {
    const turned = (value: unknown): unknown => {
      if (Array.isArray(value)) return value.map(turned);
      if (typeof value !== 'object' || value === null) return value;
      const members = Object.entries(value).map(([key, member]) => [key, turned(member)] as const);
      return Object.fromEntries([...members, ['absent', undefined] as const].reverse());
    };
    fc.assert(
      fc.property(requests, (request) => {
        expect(requestKey(turned(request) as LMRequest)).toBe(requestKey(request));
      }),
    );
  });

  test('is one of its own wherever anything differs', () => {
    const base = { endpoint: 'e', model: 'm', messages: [], options: {} } as const;
    const said = (...contents: string[]): LMRequest => ({
      ...base,
      messages: contents.map((content) => ({ role: 'user', content })),
    });
    const different: readonly LMRequest[] = [
      base,
      { ...base, endpoint: 'em', model: '' },
      { ...base, endpoint: '', model: 'em' },
      { ...base, rolloutId: 1 },
      { ...base, rolloutId: '1' },
      { ...base, rolloutId: '' },
      { ...base, options: { temperature: 0 } },
      { ...base, options: { temperature: 1 } },
      { ...base, options: { seed: 1 } },
      { ...base, options: { stop: [] } },
      { ...base, options: { stop: ['a', 'b'] } },
      { ...base, options: { stop: ['a,b'] } },
      { ...base, options: { reasoningEffort: null } },
      said(''),
      said('', ''),
      said('a', 'bc'),
      said('ab', 'c'),
      said('abc'),
      said('a4:user2:bc'),
      said('\ud83d'),
      said('\ude00'),
      said('\ufffd'),
      said('"\ud83d"'),
      said('"\\ud83d"'),
      said('\ud83d\ude00'),
      said('\ud83d', '\ude00'),
      { ...base, messages: [{ role: 'system', content: 'a' }] },
      { ...base, messages: [{ role: 'user', content: 'a' }] },
      { ...base, messages: [{ role: 'user', content: 'a', name: 'b' }] },
      { ...base, messages: [{ role: 'user', content: [{ type: 'text', text: 'a' }] }] },
      { ...base, messages: [{ role: 'assistant', content: null }] },
      { ...base, messages: [{ role: 'assistant', content: 'null' }] },
    ];
    expect(new Set(different.map(requestKey)).size).toBe(different.length);
  });

  test('follows options that were changed since the last request', () => {
    const options: { temperature: number; stop: string[] } = { temperature: 0, stop: ['a'] };
    const request: LMRequest = { endpoint: 'e', model: 'm', messages: [], options };
    const keys = [requestKey(request)];
    options.temperature = 1;
    keys.push(requestKey(request));
    options.stop.push('b');
    keys.push(requestKey(request));
    expect(new Set(keys).size).toBe(3);
    expect(keys.at(-1)).toBe(plainKey(request));
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
