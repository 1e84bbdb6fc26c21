import fc from 'fast-check';
import { jsonrepair } from 'jsonrepair';
import { Allow, parse as parsePartial } from 'partial-json';
import { describe, expect, test } from 'vitest';
import { readTolerantJson } from '../../../src/core/util/tolerant-json';

// Words without the marks that the damages below use: inside a text each reader guesses in its own way.
const word = fc.stringMatching(/^[a-z]{1,8}( [a-z]{1,8})?$/);
const scalar = fc.oneof(word, fc.integer(), fc.boolean(), fc.constant(null));
const value = fc.letrec<{ value: unknown; object: Record<string, unknown> }>((tie) => ({
  value: fc.oneof({ depthSize: 'small' }, scalar, fc.array(tie('value'), { maxLength: 4 }), tie('object')),
  object: fc.dictionary(fc.stringMatching(/^[a-z]{1,6}$/), tie('value'), { minKeys: 1, maxKeys: 4 }),
})).object;

/** Damages that have one sensible reading, so every reader should find it. */
const DAMAGES: Readonly<Record<string, (text: string) => string>> = {
  'single quotes': (text) => text.replaceAll('"', "'"),
  'commas before closing brackets': (text) => text.replace(/[}\]]/g, (bracket) => `,${bracket}`),
  'bare keys': (text) => text.replace(/"([a-z]+)":/g, '$1:'),
  'Python words': (text) =>
    text.replace(
      /(?<=[:[,])(true|false|null)(?=[,}\]])/g,
      (name) => ({ true: 'True', false: 'False', null: 'None' })[name] as string,
    ),
  'a code fence': (text) => `\`\`\`json\n${text}\n\`\`\``,
  'closing brackets lost': (text) => text.replace(/[}\]]+$/, ''),
};

describe('our reader of broken JSON finds what other readers find', () => {
  test.each(Object.entries(DAMAGES))('jsonrepair agrees on %s', (_, damage) => {
    fc.assert(
      fc.property(value, (original) => {
        const text = damage(JSON.stringify(original));
        // An empty container before a lost or spare bracket is where readers differ in taste.
        fc.pre(!/[[{]\s*,?\s*([}\]]|$)/.test(text));
        expect(readTolerantJson(text)).toEqual(JSON.parse(jsonrepair(text)));
      }),
    );
  });

  test('partial-json agrees on objects cut after a whole member', () => {
    fc.assert(
      fc.property(value, fc.nat(), (original, at) => {
        const text = JSON.stringify(original);
        const commas = [...text.matchAll(/,(?=")/g)].map((match) => match.index);
        fc.pre(commas.length > 0);
        const cut = text.slice(0, commas[at % commas.length]);
        // An empty list at the end of a cut list is dropped, as the reference's reader drops it.
        fc.pre(!/\[\]|\{\}/.test(cut));
        expect(readTolerantJson(cut)).toEqual(parsePartial(cut, Allow.ALL));
      }),
    );
  });
});
