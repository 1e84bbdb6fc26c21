import { Min } from 'class-validator';
import { declareField, declareInstructions, Input, Instructions, Output, Signature } from 'dspex/decorators';
import { type SignatureSpec, specOf } from 'dspex/program';
import { describe, expect, test } from 'vitest';
import { parseValue } from '../../../src/core/signatures/coerce';
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

  test('keeps empty instructions empty', () => {
    @Instructions('')
    class Silent extends QA {}
    expect(specOf(Silent).instructions).toBe('');
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
        omitted: true,
      },
    ]);
    expect((others as unknown as { item: TypeSpec }).item).toBe(place);
    expect(tree?.fields[1]?.type).toEqual({ kind: 'list', item: tree });
    expect(specOf(Found).equals(specOf(Found).withInstructions(specOf(Found).instructions))).toBe(true);
    expect(specOf(Found).equals(specOf(QA))).toBe(false);

    const read = parseValue('{"line": 3, "note": null}', place as ModelType);
    expect(read).toBeInstanceOf(Place);
    expect(read).toEqual({ line: 3 });
    expect(Object.keys(read as object)).toEqual(['line']);
  });
});
