import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { median, medianOf, ratioOfMedians, slopeOfMedians } from '../../../bench/harness/statistics';

/** Nine rounds around a middle, with outliers as a busy machine makes them. */
const noisy = (middle: number, seed: number) =>
  Array.from({ length: 9 }, (_, index) => {
    const wave = Math.sin(seed * 12.9898 + index * 78.233) * 43758.5453;
    const chance = wave - Math.floor(wave);
    return middle * (0.9 + 0.2 * chance) * (chance > 0.95 ? 3 : 1);
  });

describe('the median', () => {
  test('is the middle, or between the two middle ones', () => {
    expect(median([5, 1, 3])).toBe(3);
    expect(median([4, 1, 3, 2])).toBe(2.5);
    expect(median([7])).toBe(7);
    expect(median([])).toBeNaN();
  });

  test('lies in its interval, and that between the smallest and the largest round', () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0.1, max: 1e6, noNaN: true }), { minLength: 7, maxLength: 9 }),
        (rounds) => {
          const { value, low, high } = medianOf(rounds);
          expect(low).toBeLessThanOrEqual(value);
          expect(high).toBeGreaterThanOrEqual(value);
          expect(low).toBeGreaterThanOrEqual(Math.min(...rounds));
          expect(high).toBeLessThanOrEqual(Math.max(...rounds));
        },
      ),
      { numRuns: 20 },
    );
  });

  test('has an interval of no width where every round said the same, and the same one on every run', () => {
    expect(medianOf([3, 3, 3])).toEqual({ value: 3, low: 3, high: 3 });
    expect(medianOf(noisy(10, 1))).toEqual(medianOf(noisy(10, 1)));
  });

  test('has an interval that covers the truth about as often as it says', () => {
    const covered = Array.from({ length: 60 }, (_, seed) => medianOf(noisy(100, seed + 1))).filter(
      ({ low, high }) => low <= 100 && high >= 100,
    );
    expect(covered.length).toBeGreaterThanOrEqual(50);
    expect(covered.some(({ low, high }) => high - low < 20)).toBe(true);
  });
});

describe('the ratio of medians', () => {
  test('is a ratio, and its interval covers the true one', () => {
    const { value, low, high } = ratioOfMedians(noisy(300, 3), noisy(100, 4));
    expect(value).toBeCloseTo(median(noisy(300, 3)) / median(noisy(100, 4)), 12);
    expect(low).toBeLessThan(3);
    expect(high).toBeGreaterThan(3);
    expect(high - low).toBeLessThan(1);
  });

  test('of constants has no width', () => {
    expect(ratioOfMedians([6, 6, 6], [3, 3, 3])).toEqual({ value: 2, low: 2, high: 2 });
  });
});

describe('the slope of medians', () => {
  const powers = (power: number) => [1, 10, 100, 1000].map((x) => ({ x, rounds: Array(7).fill(4 * x ** power) }));

  test.each([0, 0.5, 1, 2])('of x to the %f is that power', (power) => {
    expect(slopeOfMedians(powers(power)).value).toBeCloseTo(power, 9);
  });

  test('of noisy linear work is about one', () => {
    const { value, low, high } = slopeOfMedians(
      [10, 100, 1000, 10_000].map((x, seed) => ({ x, rounds: noisy(x, seed + 5) })),
    );
    expect(value).toBeCloseTo(1, 1);
    expect(low).toBeLessThan(1.05);
    expect(high).toBeGreaterThan(0.95);
  });

  test('counts nothing as one', () => {
    const grown = slopeOfMedians([
      { x: 0, rounds: [5, 5] },
      { x: 64, rounds: [5 * 64, 5 * 64] },
    ]);
    expect(grown.value).toBeCloseTo(1, 9);
  });
});
