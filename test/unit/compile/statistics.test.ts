import { bootstrapMean, pairedDifference, wilson } from 'dspex/evaluate';
import { describe, expect, it } from 'vitest';
import { roundHundredths } from '../../../src/compile/evaluate/rounding';
import { InvalidOptionError } from '../../../src/core/errors/option-errors';

describe('wilson', () => {
  it('gives the published interval of 8 in 10', () => {
    const [low, high] = wilson(8, 10);
    expect(low).toBeCloseTo(0.4902, 4);
    expect(high).toBeCloseTo(0.9433, 4);
  });

  it('stays inside 0 and 1 at the ends, and is everything without rows', () => {
    expect(wilson(0, 20)[0]).toBe(0);
    expect(wilson(0, 20)[1]).toBeGreaterThan(0.1);
    expect(wilson(20, 20)[1]).toBe(1);
    expect(wilson(0, 0)).toEqual([0, 1]);
  });

  it('refuses more successes than rows', () => {
    expect(() => wilson(3, 2)).toThrow(InvalidOptionError);
  });
});

describe('bootstrapMean', () => {
  const values = [0, 0.53, 1, 0.97, 0.25, 0.71, 0.5, 1, 0.04, 1];

  it('is the same for the same seed, and holds the mean', () => {
    const [low, high] = bootstrapMean(values, 1);
    expect(bootstrapMean(values, 1)).toEqual([low, high]);
    expect(bootstrapMean(values, 2)).not.toEqual([low, high]);
    expect(low).toBeLessThan(0.6);
    expect(high).toBeGreaterThan(0.6);
  });

  it('has no width for equal values or a single one', () => {
    expect(bootstrapMean([0.5, 0.5, 0.5])).toEqual([0.5, 0.5]);
    expect(bootstrapMean([0.5])).toEqual([0.5, 0.5]);
  });
});

describe('pairedDifference', () => {
  const before = Array.from({ length: 40 }, (_, at) => at % 4 === 0);
  const after = before.map((right, at) => right || at % 2 === 0);

  it('establishes a gain on the same rows', () => {
    const found = pairedDifference(before.map(Number), after.map(Number), { seed: 3 });
    expect(found.difference).toBeCloseTo(0.25);
    expect(found.interval[0]).toBeGreaterThan(0);
    expect(found.established).toBe(true);
    expect(pairedDifference(before.map(Number), after.map(Number), { seed: 3 })).toEqual(found);
  });

  it('establishes nothing when the gains stem from one cluster of rows', () => {
    const clusters = before.map((_, at) => (at % 4 === 2 ? 'one document' : `document ${at}`));
    const found = pairedDifference(before.map(Number), after.map(Number), { clusters });
    expect(found.clusters).toBe(31);
    expect(found.established).toBe(false);
  });

  it('establishes nothing on equal scores or a single row', () => {
    expect(pairedDifference([1, 0], [1, 0]).established).toBe(false);
    expect(pairedDifference([0], [1]).established).toBe(false);
  });

  it('refuses lists of different length', () => {
    expect(() => pairedDifference([1], [1, 0])).toThrow(InvalidOptionError);
    expect(() => pairedDifference([], [])).toThrow(InvalidOptionError);
  });
});

describe('rounding to hundredths', () => {
  it.each([
    [0.125, 0.12],
    [0.375, 0.38],
    [2.675, 2.67],
    [-0.125, -0.12],
    [62.5, 62.5],
    [1.005, 1],
    [33.333333333333336, 33.33],
    [1e22, 1e22],
  ])('round(%d, 2) is %d, as in Python', (value, rounded) => {
    expect(roundHundredths(value)).toBe(rounded);
  });
});
