import { FieldNotFoundError, fieldSpec, InvalidFieldIndexError, signature, specOf } from 'dspex/program';
import { describe, expect, test } from 'vitest';
import { STR } from '../../../src/core/signatures/type-spec';

const spec = signature('question, context -> answer, score: float', { instructions: 'Answer well.' });
const hint = fieldSpec({ name: 'hint', role: 'input', type: STR });

describe('a spec', () => {
  test('is changed by making another; the original stays', () => {
    const before = JSON.stringify(spec);
    spec.withInstructions('Other.').prepend(hint).append(hint).insert(1, hint).omit('answer');
    expect(JSON.stringify(spec)).toBe(before);
    expect(Object.isFrozen(spec)).toBe(true);
  });

  test('takes a field at any place of its own side, counted from either end', () => {
    const places = [0, 1, 2, -1, -2, -3].map((index) => spec.insert(index, hint).signature.split(' -> ')[0]);
    expect(places).toEqual([
      'hint, question, context',
      'question, hint, context',
      'question, context, hint',
      'question, context, hint',
      'question, hint, context',
      'hint, question, context',
    ]);
    expect(() => spec.insert(3, hint)).toThrow(InvalidFieldIndexError);
    expect(() => spec.insert(-4, hint)).toThrow('its side takes whole numbers from -3 to 2');
    expect(() => spec.insert(0.5, hint)).toThrow(InvalidFieldIndexError);
  });

  test('has one field of a name, on one side', () => {
    const moved = spec.append({ ...hint, name: 'answer' });
    expect(moved.signature).toBe('question, context, answer -> score');
    expect(spec.omit('nothing').signature).toBe(spec.signature);
  });

  test('keeps its instructions when fields change, and gets the default sentence back by an empty text', () => {
    expect(spec.append(hint).instructions).toBe('Answer well.');
    expect(spec.appendInstructions('And shortly.').instructions).toBe('Answer well.\n\nAnd shortly.');
    expect(spec.prepend(hint).withInstructions('').instructions).toBe(
      'Given the fields `hint`, `question`, `context`, produce the fields `answer`, `score`.',
    );
  });

  test('updates facts of a field it has', () => {
    expect(spec.withUpdatedField('answer', { desc: 'one word' }).field('answer')?.desc).toBe('one word');
    expect(() => spec.withUpdatedField('anwser', {})).toThrow(FieldNotFoundError);
  });

  test('equals another of the same instructions, names, order, types and facts', () => {
    const same = (left: string, right: string) => {
      const [one, other] = [specOf(left).withInstructions('x'), specOf(right).withInstructions('x')];
      return one.equals(other) && other.equals(one);
    };
    expect(same('a, b: int -> c', 'a, b: int -> c')).toBe(true);
    expect(same('a, b -> c', 'b, a -> c')).toBe(false);
    expect(same('a: int -> c', 'a: float -> c')).toBe(false);
    expect(same('a -> c', 'a: str -> c')).toBe(false);
    expect(same('a -> c', 'a, b -> c')).toBe(false);
    expect(same('a -> b', 'b -> a')).toBe(false);
    expect(spec.equals(spec.withInstructions('Other.'))).toBe(false);
    expect(spec.equals(spec.withUpdatedField('answer', { desc: 'd' }))).toBe(false);
  });
});
