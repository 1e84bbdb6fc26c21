import {
  ArrayMaxSize,
  ArrayMinSize,
  IsEnum,
  IsIn,
  IsInt,
  IsOptional,
  IsPositive,
  Length,
  Matches,
  Max,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { declareField, declareInstructions, Input, Instructions, Output, Signature } from 'dspex/decorators';
import {
  EmptySignatureError,
  FieldOptionConflictError,
  FieldRoleConflictError,
  MissingFieldTypeError,
  NotASignatureError,
  type SignatureSpec,
  specOf,
  UnsupportedFieldTypeError,
} from 'dspex/program';
import { describe, expect, test } from 'vitest';
import { readClass } from '../../../src/core/signatures/classes/read-class';
import type { ModelType, TypeSpec } from '../../../src/core/signatures/type-spec';

// biome-ignore lint/style/noEnum: users have enums, and fields may be declared with them
enum Color {
  Red = 'red',
  Blue = 'blue',
}
// biome-ignore lint/style/noEnum: users have enums, and fields may be declared with them
enum Level {
  Low,
  High = 5,
}

const types = (spec: SignatureSpec) => Object.fromEntries(spec.fields.map((field) => [field.name, field.type]));
const literal = (...values: readonly (string | number | boolean)[]): TypeSpec => ({ kind: 'literal', values });

@Instructions(`
  Answer from the passages,
    in a few words.
`)
class QA extends Signature {
  @Output({ desc: 'one to five words', prefix: 'A:' }) answer!: string;
  @Input({ items: String }) readonly passages!: string[];
  @Input() readonly question!: string;
  @Output() score!: number;
}

describe('a signature class', () => {
  test('is read as its fields in the order of declaration, inputs first', () => {
    const spec = specOf(QA);
    expect(spec.name).toBe('QA');
    expect(spec.signature).toBe('passages, question -> answer, score');
    expect(spec.instructions).toBe('Answer from the passages,\n  in a few words.');
    expect(spec.field('answer')).toMatchObject({ desc: 'one to five words', prefix: 'A:', untyped: false });
    expect(spec.field('question')).toMatchObject({ prefix: 'Question:', constraints: [] });
  });

  test('is read once', () => {
    expect(specOf(QA)).toBe(specOf(QA));
  });

  test('gives its fields and instructions to subclasses, which add, replace in place and override', () => {
    class Longer extends QA {
      @Output() reasoning!: string;
      @Output({ oneOf: ['yes', 'no'] }) override answer!: 'yes' | 'no';
    }
    @Instructions('Other.')
    class Other extends Longer {}
    expect(specOf(Longer).signature).toBe('passages, question -> answer, score, reasoning');
    expect(specOf(Longer).field('answer')).toMatchObject({ type: { kind: 'literal' }, prefix: 'Answer:' });
    expect(specOf(Longer).instructions).toBe(specOf(QA).instructions);
    expect(specOf(Other).instructions).toBe('Other.');
    expect(specOf(QA).signature).toBe('passages, question -> answer, score');
  });

  test('without instructions gets the sentence over its own fields, inherited or not', () => {
    class Base extends Signature {
      @Input() readonly a!: string;
      @Output() b!: string;
    }
    class Child extends Base {
      @Output() c!: string;
    }
    expect(specOf(Base).instructions).toBe('Given the fields `a`, produce the fields `b`.');
    expect(specOf(Child).instructions).toBe('Given the fields `a`, produce the fields `b`, `c`.');
  });

  test('can be declared in plain JavaScript', () => {
    class Plain extends Signature {}
    declareInstructions(Plain, 'Do it.');
    declareField(Plain, 'question', 'input', { type: String });
    declareField(Plain, 'answer', 'output', {}, Number);
    expect(specOf(Plain).signature).toBe('question -> answer');
    expect(specOf(Plain).instructions).toBe('Do it.');
    expect(types(specOf(Plain))).toEqual({ question: { kind: 'str' }, answer: { kind: 'float' } });
  });

  test('may have fields named like members of every object', () => {
    class Odd extends Signature {
      @Output() name!: string;
    }
    declareField(Odd, 'hasOwnProperty', 'input', { type: String });
    expect(specOf(Odd).signature).toBe('hasOwnProperty -> name');
  });
});

describe('the type of a field', () => {
  test('is what the compiler emitted, where that says one type', () => {
    class Reflected extends Signature {
      @Input() readonly a!: string;
      @Input() readonly b!: number;
      @Input() readonly c!: boolean;
      @Input() readonly d!: Date;
      @Output({ optional: true }) e?: number;
    }
    expect(types(specOf(Reflected))).toEqual({
      a: { kind: 'str' },
      b: { kind: 'float' },
      c: { kind: 'bool' },
      d: { kind: 'datetime' },
      e: { kind: 'union', options: [{ kind: 'float' }, { kind: 'none' }] },
    });
  });

  test('is what the options say: type, items, values, oneOf, one inside the other', () => {
    class Said extends Signature {
      @Input({ type: 'int' }) readonly whole!: number;
      @Input({ type: 'date' }) readonly day!: string;
      @Input({ type: 'any' }) readonly anything: unknown;
      @Input({ items: { items: Number } }) readonly table!: number[][];
      @Input({ values: { items: { oneOf: ['a', 'b'] } } }) readonly letters!: Record<string, ('a' | 'b')[]>;
      @Output({ oneOf: ['yes', 'no'] }) verdict!: 'yes' | 'no';
      @Output({ oneOf: [1, true, 'x'] }) mixed!: 1 | true | 'x';
      @Output({ oneOf: Color }) color!: Color;
      @Output({ oneOf: Level }) level!: Level;
    }
    expect(types(specOf(Said))).toEqual({
      whole: { kind: 'int' },
      day: { kind: 'date' },
      anything: { kind: 'any' },
      table: { kind: 'list', item: { kind: 'list', item: { kind: 'float' } } },
      letters: { kind: 'dict', key: { kind: 'str' }, value: { kind: 'list', item: literal('a', 'b') } },
      verdict: literal('yes', 'no'),
      mixed: literal(1, true, 'x'),
      color: literal('red', 'blue'),
      level: literal(0, 5),
    });
  });

  test('admits absence: undefined for optional, null for nullable', () => {
    class Absent extends Signature {
      @Input({ optional: true }) readonly a?: string;
      @Input({ type: String, nullable: true }) readonly b!: string | null;
      @Output({ default: 'en' }) c!: string;
      @Output({ items: String, default: [] }) d!: string[];
    }
    const spec = specOf(Absent);
    expect(spec.field('a')).toMatchObject({ type: { kind: 'union' }, absent: undefined });
    expect(spec.field('b')).toMatchObject({ type: { kind: 'union' }, absent: null });
    expect(spec.field('c')).toMatchObject({ type: { kind: 'str' }, default: { value: 'en' } });
    expect(spec.field('d')).toMatchObject({ type: { kind: 'list' }, default: { value: [] } });
    expect(spec.field('b')).not.toHaveProperty('default');
  });

  test('may be a nested class, which may contain itself', () => {
    @Instructions('A place in a text.')
    class Place {
      @Output({ type: 'int', desc: 'counted from 1' }) @Min(1) line!: number;
      @Output({ optional: true }) note?: string;
    }
    class Tree {
      @Output() label!: string;
      @Output({ items: () => Tree }) children!: Tree[];
    }
    class Found extends Signature {
      @Input() readonly text!: string;
      @Output() place!: Place;
      @Output({ items: Place }) others!: Place[];
      @Output() tree!: Tree;
    }
    const { place, others, tree } = types(specOf(Found)) as Record<string, ModelType>;
    expect(place).toMatchObject({ kind: 'model', name: 'Place', doc: 'A place in a text.', construct: Place });
    expect(place?.fields).toEqual([
      { name: 'line', type: { kind: 'int' }, desc: 'counted from 1', constraints: [{ name: 'ge', value: 1 }] },
      {
        name: 'note',
        type: { kind: 'union', options: [{ kind: 'str' }, { kind: 'none' }] },
        default: { value: null },
      },
    ]);
    expect((others as unknown as { item: TypeSpec }).item).toBe(place);
    expect(tree?.fields[1]?.type).toEqual({ kind: 'list', item: tree });
    expect(specOf(Found).equals(specOf(Found).withInstructions(specOf(Found).instructions))).toBe(true);
    expect(specOf(Found).equals(specOf(QA))).toBe(false);
  });
});

describe('constraints of class-validator', () => {
  class Checked extends Signature {
    @Input() @MinLength(3) readonly question!: string;
    @Output() @Min(0) @Max(1) confidence!: number;
    @Output() @IsInt() @IsPositive() count!: number;
    @Output() @Length(2, 5) @Matches(/^[a-z]+$/) code!: string;
    @Output({ items: String }) @ArrayMinSize(1) @ArrayMaxSize(2) tags!: string[];
    @Output() @IsIn(['low', 'high']) level!: string;
    @Output() @IsEnum(Color) color!: string;
    @Output({ items: Number }) @IsInt({ each: true }) pages!: number[];
    @Output({ optional: true }) @IsOptional() @Min(10) extra?: number;
    @Output({ optional: true }) @Min(10) strict?: number;
  }
  const right = {
    confidence: 0.5,
    count: 1,
    code: 'abc',
    tags: ['x'],
    level: 'low',
    color: 'red',
    pages: [1],
    extra: undefined,
    strict: undefined,
  };

  test('are told as bounds, in the order of the source', () => {
    const bounds = Object.fromEntries(
      specOf(Checked).fields.map((field) => [field.name, field.constraints.map((c) => `${c.name} ${c.value}`)]),
    );
    expect(bounds).toEqual({
      question: ['min_length 3'],
      confidence: ['ge 0', 'le 1'],
      count: ['gt 0'],
      code: ['min_length 2', 'max_length 5', 'pattern ^[a-z]+$'],
      tags: ['min_length 1', 'max_length 2'],
      level: [],
      color: [],
      pages: [],
      extra: ['ge 10'],
      strict: ['ge 10'],
    });
  });

  test('make types narrower: integers, one of some values', () => {
    const { count, level, color, pages } = types(specOf(Checked));
    expect(count).toEqual({ kind: 'int' });
    expect(level).toEqual(literal('low', 'high'));
    expect(color).toEqual(literal('red', 'blue'));
    expect(pages).toEqual({ kind: 'list', item: { kind: 'int' } });
  });

  test('are enforced on outputs, in words, and only on outputs', () => {
    const { check } = specOf(Checked);
    expect(check?.(right)).toEqual([]);
    expect(check?.({ ...right, confidence: 2, pages: [1.5], strict: 3 })).toEqual([
      { field: 'confidence', message: 'confidence must not be greater than 1' },
      { field: 'pages', message: 'each value in pages must be an integer number' },
      { field: 'strict', message: 'strict must not be less than 10' },
    ]);
  });

  test('do not judge a value that was left out of an optional field', () => {
    expect(specOf(Checked).check?.({ ...right, extra: null, strict: null })).toEqual([]);
  });

  test('are enforced inside nested classes and lists of them, with or without @ValidateNested', () => {
    class Quote {
      @Output() @MinLength(3) text!: string;
      @Output({ optional: true }) @Min(1) line?: number;
    }
    class Quoted extends Signature {
      @Input() readonly question!: string;
      @Output() @ValidateNested() best!: Quote;
      @Output({ items: Quote }) quotes!: Quote[];
    }
    const quote = (text: string, line?: number) => Object.assign(new Quote(), { text, line });
    const { check } = specOf(Quoted);
    expect(check?.({ best: quote('long enough'), quotes: [quote('long enough', 2)] })).toEqual([]);
    expect(check?.({ best: quote('x'), quotes: [quote('long enough'), quote('long enough', 0)] })).toEqual([
      { field: 'best', message: 'best: text must be longer than or equal to 3 characters' },
      { field: 'quotes', message: 'quotes[1]: line must not be less than 1' },
    ]);
  });

  test('are inherited', () => {
    class Child extends Checked {
      @Output() reason!: string;
    }
    expect(specOf(Child).field('confidence')?.constraints).toHaveLength(2);
    expect(specOf(Child).check?.({ ...right, reason: '', confidence: 2 })).toHaveLength(1);
  });

  test('do not run the constructor of the class', () => {
    class Loud extends Signature {
      @Output() @Min(0) score!: number;
      constructor() {
        super();
        throw new Error('constructed');
      }
    }
    expect(specOf(Loud).check?.({ score: -1 })).toEqual([{ field: 'score', message: 'score must not be less than 0' }]);
  });
});

describe('a declaration that cannot be read', () => {
  /** A class with one field declared as a compiler would, for declarations that our own types refuse. */
  function declared(options: object, ...designType: [] | [unknown]): () => unknown {
    class Asked extends Signature {}
    declareField(Asked, 'answer', 'output', options, ...designType);
    return () => readClass(Asked);
  }

  test('has no field', () => {
    class Empty extends Signature {}
    expect(() => specOf(Empty)).toThrow(EmptySignatureError);
    expect(() => specOf(Empty)).toThrow("Empty declares no field. Decorate its properties: '@Input() readonly");
  });

  test('declares a field twice', () => {
    class Twice extends Signature {}
    declareField(Twice, 'answer', 'input', { type: String });
    declareField(Twice, 'answer', 'output', { type: String });
    expect(() => specOf(Twice)).toThrow(FieldRoleConflictError);
    expect(() => specOf(Twice)).toThrow('Twice.answer is declared twice, as @Input() and as @Output()');
  });

  test.each([
    ['no metadata', declared({}), 'no design:type metadata was emitted', 'esbuild and tsx do not'],
    ['a class that was not defined yet', declared({}, undefined), 'was not defined yet', 'type: () => TheClass'],
    ['a union or an interface', declared({}, Object), 'are emitted as Object', '@Input({ type: String })'],
    ['a list without items', declared({}, Array), 'without its items', '@Input({ items: String })'],
  ])('leaves the type unknown: %s', (_case, read, cause, remedy) => {
    expect(read).toThrow(MissingFieldTypeError);
    expect(read).toThrow('Asked.answer: its type is not known at run time');
    expect(read).toThrow(cause);
    expect(read).toThrow(remedy);
  });

  test.each([
    ['Map', declared({}, Map)],
    ['BigInt', declared({}, BigInt)],
    ['Promise', declared({}, Promise)],
    ['URL', declared({ type: URL })],
    ['Buffer', declared({ items: Buffer })],
  ])('has a type that no prompt can show: %s', (name, read) => {
    expect(read).toThrow(UnsupportedFieldTypeError);
    expect(read).toThrow(`Asked.answer: values of the type ${name} `);
  });

  test.each([
    [{ type: String, oneOf: ['a'] }, "'type' and 'oneOf' exclude one another"],
    [{ type: Array }, "'Array' does not say its items"],
    [{ type: Object }, "'Object' says nothing"],
    [{ type: 'strng' }, "'strng' is not a type"],
    [{ type: [String] }, 'an array is not a type'],
    [{ items: {} }, '{  } is not a type'],
    [{ items: { itmes: String } }, '{ itmes } is not a type'],
    [{ type: null }, 'null is not a type'],
    [{ oneOf: [] }, "'oneOf' is empty"],
    [{ oneOf: [{}] }, 'strings, numbers and booleans only'],
    [{ oneOf: [Number.NaN] }, 'strings, numbers and booleans only'],
    [{ type: String, desc: 1 }, "'desc' is a text, not number"],
  ])('contradicts itself or says no type: %o', (options, problem) => {
    expect(declared(options)).toThrow(FieldOptionConflictError);
    expect(declared(options)).toThrow(problem);
  });

  test('nests without end', () => {
    const endless: () => unknown = () => ({ items: endless });
    expect(declared({ items: endless })).toThrow('its type is nested deeper than 32');
  });

  test('has an option that nothing reads', () => {
    expect(declared({ description: 'x' }, String)).toThrow(
      "Asked.answer has no option 'description'. Its options are: type, items, values, oneOf,",
    );
  });

  test('names a class whose properties are not decorated', () => {
    class Bare {
      text = '';
    }
    expect(declared({ type: Bare })).toThrow(
      'Decorate the properties of Bare with @Input() or @Output(), so that they are known at run time.',
    );
  });

  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [3, 'number 3'],
    [{}, 'an object'],
    [Object.create(QA.prototype), 'an instance of QA (give the class itself)'],
  ])('is no signature at all: %o', (given, told) => {
    expect(() => specOf(given as never)).toThrow(NotASignatureError);
    expect(() => specOf(given as never)).toThrow(told);
  });
});
