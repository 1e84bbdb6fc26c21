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
import { Input, Output, Signature } from 'dspex/decorators';
import { specOf } from 'dspex/program';
import { describe, expect, test } from 'vitest';
import type { TypeSpec } from '../../../src/core/signatures/type-spec';

// biome-ignore lint/style/noEnum: users have enums, and fields may be declared with them
enum Color {
  Red = 'red',
  Blue = 'blue',
}
const literal = (...values: readonly string[]): TypeSpec => ({ kind: 'literal', values });

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
    const { count, level, color, pages } = Object.fromEntries(
      specOf(Checked).fields.map((field) => [field.name, field.type]),
    );
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
