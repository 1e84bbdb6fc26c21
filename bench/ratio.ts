import { PythonRandom } from 'dspex/teleprompt';

export interface Ratio {
  readonly ratio: number;
  /** Bootstrap, 95 %. */
  readonly low: number;
  readonly high: number;
}

/** The middle of a list of numbers. */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const half = sorted.length / 2;
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half) - 1] ?? Number.NaN)) / 2;
}

/** The ratio of the medians of two measurements, with the interval of 10,000 resamplings of their rounds. */
export function ratioOfMedians(ours: readonly number[], theirs: readonly number[]): Ratio {
  const random = new PythonRandom(0);
  const draw = (values: readonly number[]) =>
    values.map(() => values[Math.floor(random.random() * values.length)] ?? 0);
  const ratios = Array.from({ length: 10_000 }, () => median(draw(ours)) / median(draw(theirs)));
  ratios.sort((a, b) => a - b);
  return { ratio: median(ours) / median(theirs), low: ratios[250] ?? Number.NaN, high: ratios[9749] ?? Number.NaN };
}
