import { SignatureSyntaxError } from 'dspex/program';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { displayName } from '../../../src/core/signatures/display-name';
import { parseString } from '../../../src/core/signatures/strings/parse-string';
import { type TypeSpec, unionType } from '../../../src/core/signatures/type-spec';

const scalar = fc.constantFrom<TypeSpec>(
  ...(['str', 'int', 'float', 'bool', 'none', 'any', 'date', 'datetime'] as const).map((kind) => ({ kind })),
);
const literalValue = fc.oneof(fc.integer(), fc.boolean(), fc.constant(null), fc.stringMatching(/^[\w ,:[\]'"|]*$/));
const literal = fc
  .uniqueArray(literalValue, { minLength: 1, maxLength: 4 })
  .map((values): TypeSpec => ({ kind: 'literal', values }));

/** Any type that the string form can say. */
const type = fc.letrec<{ type: TypeSpec }>((tie) => ({
  type: fc.oneof(
    { maxDepth: 4 },
    scalar,
    literal,
    tie('type').map((item): TypeSpec => ({ kind: 'list', item })),
    tie('type').map((item): TypeSpec => ({ kind: 'set', item })),
    fc.tuple(scalar, tie('type')).map(([key, value]): TypeSpec => ({ kind: 'dict', key, value })),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map((items): TypeSpec => ({ kind: 'tuple', items })),
    fc.array(tie('type'), { minLength: 1, maxLength: 3 }).map(unionType),
  ),
})).type;

test('a string signature understands the name that prompts give to a type', () => {
  fc.assert(
    fc.property(type, (given) => {
      const name = displayName(given);
      fc.pre(!name.includes('->'));
      expect(parseString(`q -> a: ${name}`)[1]?.type).toEqual(given);
    }),
  );
});

test('blanks, line breaks and comments between words change nothing', () => {
  const blank = fc.constantFrom('', ' ', '\n', '\t ', ' # a comment\n');
  const words = ['a', ':', 'list', '[', 'int', '|', "'x'", ']', ',', 'b', '->', 'c', ':', 'str', ','];
  const text = (blanks: readonly string[]) =>
    words.map((word, at) => `${word === "'x'" ? 'None' : word}${blanks[at] ?? ''}`).join('');
  const expected = parseString(text([]));
  fc.assert(
    fc.property(fc.array(blank, { minLength: words.length, maxLength: words.length }), (blanks) => {
      expect(parseString(text(blanks))).toEqual(expected);
    }),
  );
});

test('a text is a signature or is refused with a place inside it, whatever it is', () => {
  const word = fc.constantFrom(
    '->',
    'a',
    ':',
    '[',
    ']',
    ',',
    '|',
    "'",
    '"',
    '\\',
    '#',
    '\n',
    'list',
    'Literal',
    '...',
    '.',
    '1',
    '🙂',
    '=',
  );
  const text = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.array(word).map((words) => words.join('')),
  );
  fc.assert(
    fc.property(text, (given) => {
      try {
        const fields = parseString(given);
        expect(new Set(fields.map((field) => field.name)).size).toBe(fields.length);
      } catch (error) {
        expect(error).toBeInstanceOf(SignatureSyntaxError);
        const { offset } = error as SignatureSyntaxError;
        expect(offset >= 0 && offset <= given.length).toBe(true);
      }
    }),
    { numRuns: 1_000 },
  );
});
