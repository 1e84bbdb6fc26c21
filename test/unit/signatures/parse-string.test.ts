import { SignatureSyntaxError, signature, specOf } from 'dspex/program';
import { describe, expect, test } from 'vitest';
import { parseString } from '../../../src/core/signatures/strings/parse-string';
import type { TypeSpec } from '../../../src/core/signatures/type-spec';

/** The type of the only output. */
function typeOf(type: string): TypeSpec {
  const field = parseString(`q -> a: ${type}`)[1];
  if (field === undefined) throw new Error('no output');
  return field.type;
}

function mistake(text: string): SignatureSyntaxError {
  try {
    parseString(text);
  } catch (error) {
    if (error instanceof SignatureSyntaxError) return error;
    throw error;
  }
  throw new Error(`'${text}' was accepted`);
}

describe('a string signature', () => {
  test('names inputs and outputs, each of type str unless it says otherwise', () => {
    const spec = specOf('question, context: list[str] -> answer, score: float');
    expect(spec.signature).toBe('question, context -> answer, score');
    expect(spec.fields.map((field) => field.type.kind)).toEqual(['str', 'list', 'str', 'float']);
    expect(spec.name).toBe('StringSignature');
    expect(spec.instructions).toBe('Given the fields `question`, `context`, produce the fields `answer`, `score`.');
  });

  test('marks inputs that were written without a type, never outputs', () => {
    expect(specOf('a, b: str -> c').fields.map((field) => field.untyped)).toEqual([true, false, false]);
  });

  test('may be written with any blanks, line breaks, comments and a comma at the end', () => {
    const spec = specOf('\n  a ,\tb :int # the second\n->\n  c : dict [ str , int ] ,\n');
    expect(spec.signature).toBe('a, b -> c');
    expect(spec.field('c')?.type).toEqual({ kind: 'dict', key: { kind: 'str' }, value: { kind: 'int' } });
  });

  test('may leave a side empty', () => {
    expect(specOf(' -> answer').inputs).toEqual([]);
    expect(specOf('question -> ').outputs).toEqual([]);
  });

  test('takes names in any script, and words that are keywords in Python', () => {
    expect(specOf('größe, from, class -> 名前: int').signature).toBe('größe, from, class -> 名前');
  });

  test('takes names that every object has', () => {
    expect(specOf('constructor, toString -> hasOwnProperty').signature).toBe('constructor, toString -> hasOwnProperty');
  });
});

describe('a type in a string signature', () => {
  test.each([
    ['str', 'str'],
    ['string', 'str'],
    ['int', 'int'],
    ['float', 'float'],
    ['number', 'float'],
    ['bool', 'bool'],
    ['boolean', 'bool'],
    ['None', 'none'],
    ['null', 'none'],
    ['Any', 'any'],
    ['typing.Any', 'any'],
    ['date', 'date'],
    ['datetime', 'datetime'],
    ['datetime.datetime', 'datetime'],
    ['list', 'list'],
    ['Dict[str, int]', 'dict'],
    ['Sequence[int]', 'list'],
    ['frozenset[str]', 'frozenset'],
    ['decimal.Decimal', 'decimal'],
    ['datetime.timedelta', 'timedelta'],
  ])('%s means %s', (word, kind) => {
    expect(typeOf(word).kind).toBe(kind);
  });

  test('nests', () => {
    expect(typeOf('List[dict[str, set[int]]]')).toEqual({
      kind: 'list',
      item: { kind: 'dict', key: { kind: 'str' }, value: { kind: 'set', item: { kind: 'int' } } },
    });
  });

  test('is a union by |, Union and Optional, flat and without repetitions', () => {
    const union = { kind: 'union', options: [{ kind: 'int' }, { kind: 'none' }] };
    expect(typeOf('int | None')).toEqual(union);
    expect(typeOf('Optional[Optional[int]]')).toEqual(union);
    expect(typeOf('Union[int, None, int]')).toEqual(union);
    expect(typeOf('Union[int, int]')).toEqual({ kind: 'int' });
    expect(typeOf('None | str')).toEqual({ kind: 'union', options: [{ kind: 'none' }, { kind: 'str' }] });
  });

  test('is a tuple of given types, or of any length of one type', () => {
    expect(typeOf('tuple[int, str]')).toEqual({ kind: 'tuple', items: [{ kind: 'int' }, { kind: 'str' }] });
    expect(typeOf('tuple[int, ...]')).toEqual({ kind: 'tuple', items: [{ kind: 'int' }], variadic: true });
  });

  test('is a Literal of texts, integers, booleans and None, with commas, colons and brackets inside quotes', () => {
    expect(typeOf(`Literal['one, two', "it's", 'it\\'s: [x]', 1, -2, True, False, None, 1]`)).toEqual({
      kind: 'literal',
      values: ['one, two', "it's", "it's: [x]", 1, -2, true, false, null],
    });
    expect(typeOf(String.raw`Literal['\x41\u00e9\n\d']`)).toEqual({ kind: 'literal', values: ['Aé\n\\d'] });
  });
});

describe('a string that is no signature', () => {
  test('is refused with a caret under the place and what was expected', () => {
    expect(mistake('question, ctx: list[strng] -> answer').message).toBe(
      [
        "This string is not a signature: unknown type 'strng': known are str, int, float, bool, list[...], " +
          'dict[str, ...], tuple[...], Literal[...], Optional[...], Any, date, datetime (column 21).',
        '  question, ctx: list[strng] -> answer',
        '                      ^',
      ].join('\n'),
    );
  });

  test('shows only the line at fault, and only its surroundings when the line is long', () => {
    const { message, offset } = mistake(`a,\n  b: nope\n-> c`);
    expect(offset).toBe(8);
    expect(message).toContain('(line 2, column 6)');
    expect(message.split('\n').slice(1)).toEqual(['    b: nope', '       ^']);
    const long = mistake(`${'field, '.repeat(500)} b: nope -> c`).message;
    expect(long.length).toBeLessThan(400);
  });

  test.each([
    ['question, answer', "needs an arrow: 'inputs -> outputs'"],
    ['', 'needs an arrow'],
    ['a => b', "written '->'"],
    ['a → b', "written '->'"],
    ['a -> b -> c', 'exactly one'],
    ["a -> b: Literal['x->y']", 'exactly one'],
    ['a b -> c', "expected ',' before the next field, found 'b'"],
    ['a; b -> c', "found ';'"],
    ['a,, b -> c', "expected the name of an input, found ','"],
    ['a: -> b', "expected a type, found the '->'"],
    ['a -> b:', 'expected a type, found the end of the string'],
    ['a -> b: list[int', "expected ',' or ']', found the end of the string"],
    ['a: list[int -> b', "expected ',' or ']', found the '->'"],
    ['a -> b: Optional[int, str]', "'Optional[...]' takes one type"],
    ['a -> b: dict[str]', "'dict[...]' takes two types"],
    ['a -> b: list[int, ...]', "'list[...]' takes one type"],
    ['a -> b: Union[int, ...]', 'belongs to tuple'],
    ['a -> b: tuple[...]', 'one type before'],
    ['a -> b: tuple[int, str, ...]', 'one type before'],
    ['a -> b: tuple[int, ..., str]', "expected ']' after '...'"],
    ['a -> b: Literal[]', 'a Literal holds quoted texts'],
    ['a -> b: Literal[1.5]', 'a Literal holds quoted texts'],
    ['a -> b: Literal[yes]', "found 'yes'"],
    ["a -> b: Literal['x", "needs a closing '"],
    ['a -> b: Literal', 'needs its parts in brackets'],
    ['a -> b: string[]', "a list of 'string' is written 'list[string]'"],
    ['a -> b: int[str]', "'int' takes no brackets"],
    ['a -> b: Array[str]', "did you mean 'list'?"],
    ['a -> b: any', "did you mean 'Any'?"],
    ['a -> b: String', "did you mean 'str"],
    ['a -> b: dspy.', "expected a name after 'dspy.'"],
    ['a -> b: 3', "expected a type, found '3'"],
    ["a -> b: 'str'", "expected a type, found '''"],
    ['a=3 -> b', "found '='"],
    ['a, *, b -> c', "found '*'"],
    ['a, a -> b', "the input 'a' is named twice"],
    ['a -> b, b', "the output 'b' is named twice"],
    ['a, b -> b', "'b' is an input and an output"],
    ['_a -> b', 'starts with an underscore'],
    ['__proto__ -> b', 'starts with an underscore'],
    ['🙂 -> b', "found '🙂'"],
  ])('%s: %s', (text, problem) => {
    expect(mistake(text).message).toContain(problem);
  });

  test('cannot exhaust the stack or the clock', () => {
    expect(mistake(`a -> b: ${'list['.repeat(1_500)}`).message).toContain('nested 32 deep');
    expect(mistake(`${'a'.repeat(10_001)} -> b`).message).toContain('longer than 10000');
    expect(mistake(`a -> b: Literal["${'\\'.repeat(9_900)}`).message).toContain('closing');
  });
});

describe('signature()', () => {
  test('takes instructions and a name; empty instructions mean the default sentence', () => {
    const given = signature('q -> a: float', { instructions: '  Compute.\n    Exactly.', name: 'Compute' });
    expect([given.name, given.instructions]).toEqual(['Compute', 'Compute.\nExactly.']);
    expect(signature('q -> a', { instructions: '' }).instructions).toBe(
      'Given the fields `q`, produce the fields `a`.',
    );
  });

  test('refuses an option that nothing reads', () => {
    // @ts-expect-error the option is misspelt
    expect(() => signature('q -> a', { instruction: 'x' })).toThrow("signature() has no option 'instruction'");
  });
});
