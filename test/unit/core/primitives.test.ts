import { describe, expect, test } from 'vitest';
import { Example, example } from '../../../src/core/primitives/example';
import { Prediction } from '../../../src/core/primitives/prediction';

describe('Example', () => {
  test('splits a row into inputs and labels', () => {
    const row = example({ question: 'q', answer: 'a' }).withInputs('question');
    expect(row.inputs()).toEqual({ question: 'q' });
    expect(row.labels()).toEqual({ answer: 'a' });
  });

  test('a field named like a method is still a field', () => {
    const row = Example.withInputs(example({ inputs: 1, answer: 'a' }), 'inputs');
    expect(row.inputs).toBe(1);
    expect(Example.inputs(row)).toEqual({ inputs: 1 });
  });

  test('a row without marked inputs says how to mark them', () => {
    expect(() => example({ question: 'q' }).inputs()).toThrow("example({ ... }).withInputs('question')");
  });

  test('a row cannot be changed', () => {
    const row = example({ question: 'q' });
    expect(() => Object.assign(row, { question: 'other' })).toThrow(TypeError);
  });
});

describe('Prediction', () => {
  test('an output called score, usage or completions wins over the extra of that name', () => {
    const prediction = Prediction.of({ score: 0.5, usage: 'high', completions: ['x'] });
    expect({ ...prediction }).toEqual({ score: 0.5, usage: 'high', completions: ['x'] });
    expect(Prediction.usage(prediction).calls).toBe(0);
  });

  test('an output called __proto__ changes no prototype', () => {
    const prediction = Prediction.of(JSON.parse('{"__proto__": {"polluted": true}}'));
    expect(prediction).toBeInstanceOf(Object.getPrototypeOf(Prediction.of({})).constructor);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });
});
