/** A figure with the 95 % interval of its bootstrap. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Numbers of the same quantity, one a round. */
export type Rounds = readonly number[];

const RESAMPLINGS = 10_000;
const TAIL = 0.025;

/** The middle of a list of numbers; NaN of none. */
export function median(values: Rounds): number {
  const sorted = Float64Array.from(values).sort();
  const half = sorted.length / 2;
  return ((sorted[Math.floor(half)] ?? Number.NaN) + (sorted[Math.ceil(half) - 1] ?? Number.NaN)) / 2;
}

/** The median of the rounds. */
export function medianOf(values: Rounds): Estimate {
  return bootstrap([values], ([drawn = []]) => median(drawn));
}

/** The ratio of two medians; the rounds of each are drawn apart, as they were measured apart. */
export function ratioOfMedians(over: Rounds, under: Rounds): Estimate {
  return bootstrap([over, under], ([a = [], b = []]) => median(a) / median(b));
}

/**
 * How steeply the medians grow with x: the slope of log(y) over log(x), by least squares. 0 is constant, 1 linear, 2 quadratic.
 * A zero on the x axis counts as one.
 */
export function slopeOfMedians(points: readonly { readonly x: number; readonly rounds: Rounds }[]): Estimate {
  const logX = points.map(({ x }) => Math.log(Math.max(1, x)));
  const middle = mean(logX);
  const spread = logX.reduce((sum, x) => sum + (x - middle) ** 2, 0);
  return bootstrap(
    points.map(({ rounds }) => rounds),
    (drawn) => {
      const logY = drawn.map((rounds) => Math.log(median(rounds)));
      const height = mean(logY);
      return logY.reduce((sum, y, index) => sum + ((logX[index] ?? 0) - middle) * (y - height), 0) / spread;
    },
  );
}

/** What a statistic says of all rounds, and of 10,000 drawings of as many rounds with replacement; the same on every run. */
function bootstrap(samples: readonly Rounds[], statistic: (drawn: readonly Rounds[]) => number): Estimate {
  const value = statistic(samples);
  // Nothing varies: no drawing could say anything else.
  if (samples.every((rounds) => rounds.every((figure) => figure === rounds[0])))
    return { value, low: value, high: value };
  const chance = seededChance(1);
  const found = new Float64Array(RESAMPLINGS);
  for (let index = 0; index < RESAMPLINGS; index += 1) {
    found[index] = statistic(
      samples.map((rounds) => rounds.map(() => rounds[Math.floor(chance() * rounds.length)] ?? Number.NaN)),
    );
  }
  found.sort();
  const at = (share: number) => found[Math.round(share * (RESAMPLINGS - 1))] ?? Number.NaN;
  return { value, low: at(TAIL), high: at(1 - TAIL) };
}

/** Numbers from 0 to 1 by a linear congruence: not the generator of the package, which is among what is measured. */
function seededChance(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

function mean(values: Rounds): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}
