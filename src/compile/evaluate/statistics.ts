import { InvalidOptionError } from '../../core/errors/option-errors';
import { PythonRandom, type RandomSeed } from '../../core/util/python-random';

/** The lower and the upper end of an interval. */
export type Interval = readonly [low: number, high: number];

/** 97.5 % quantile of the normal distribution: all intervals here are 95 % intervals. */
const Z = 1.959963984540054;
/** Enough for ends that are stable to a few hundredths of their width; many rows need fewer, and cost more each. */
const RESAMPLES = 2000;
const RESAMPLES_OF_MANY = 1000;
const MANY = 1000;

/**
 * The 95 % interval of a share, from 0 to 1: Wilson's score interval (JASA 22, 1927), which stays inside [0, 1] and is
 * honest for few rows and for shares near 0 or 1. Without rows it is [0, 1].
 */
export function wilson(successes: number, n: number): Interval {
  if (!(successes >= 0 && successes <= n)) {
    throw new InvalidOptionError('wilson', 'successes', successes, `from 0 to n, which is ${n}`);
  }
  if (n === 0) return [0, 1];
  const share = successes / n;
  const scale = 1 + (Z * Z) / n;
  const centre = (share + (Z * Z) / (2 * n)) / scale;
  const half = (Z / scale) * Math.sqrt((share * (1 - share)) / n + (Z * Z) / (4 * n * n));
  // At the ends the formula gives the exact bound up to a rounding error.
  const low = successes === 0 ? 0 : Math.max(0, centre - half);
  const high = successes === n ? 1 : Math.min(1, centre + half);
  return [low, high];
}

/**
 * The 95 % interval of a mean by the percentile bootstrap (Efron 1979): rows drawn with replacement, 2000 times
 * (1000 times beyond 1000 rows).
 * Equal values and seed give equal ends. One value or none gives that value at both ends.
 */
export function bootstrapMean(values: readonly number[], seed: RandomSeed = 0): Interval {
  if (values.length <= 1) return [values[0] ?? 0, values[0] ?? 0];
  return percentileInterval(
    resampledMeans(
      [...values].map((value) => [value]),
      seed,
    ),
  );
}

/** The 95 % interval of a mean of many values, from their mean and variance: what the bootstrap tends to. */
export function meanInterval(mean: number, variance: number, n: number): Interval {
  const half = Z * Math.sqrt(variance / n);
  return [mean - half, mean + half];
}

export interface PairedOptions {
  /** Seed of the resampling; default 0. */
  readonly seed?: RandomSeed;
  /** Name of the cluster of each row: rows of one cluster (a document, a user) are drawn together. Default: each row alone. */
  readonly clusters?: readonly (string | number)[];
}

export interface PairedDifference {
  /** Mean of `b[i] - a[i]`: above 0 when `b` is better. */
  readonly difference: number;
  /** 95 % interval of it; when it excludes 0 the difference is established. */
  readonly interval: Interval;
  readonly n: number;
  /** Number of clusters that were resampled. */
  readonly clusters: number;
  /** True when the interval excludes 0. */
  readonly established: boolean;
}

/**
 * How much better `b` is than `a` on the same rows, by a bootstrap over rows or clusters of rows. Pairing takes the
 * difficulty of the rows out, so it sees gains that two separate intervals hide.
 */
export function pairedDifference(
  a: readonly number[],
  b: readonly number[],
  options: PairedOptions = {},
): PairedDifference {
  const { seed = 0, clusters } = options;
  if (a.length !== b.length || a.length === 0) {
    throw new InvalidOptionError('pairedDifference', 'b', b.length, `as long as a (${a.length}), and not empty`);
  }
  if (clusters !== undefined && clusters.length !== a.length) {
    throw new InvalidOptionError('pairedDifference', 'clusters', clusters.length, `as long as a (${a.length})`);
  }
  const groups = new Map<string | number, number[]>();
  a.forEach((before, at) => {
    const name = clusters === undefined ? at : (clusters[at] as string | number);
    const group = groups.get(name) ?? [];
    groups.set(name, group);
    group.push((b[at] as number) - before);
  });
  const difference = mean([...groups.values()].flat());
  const interval: Interval =
    groups.size === 1 ? [difference, difference] : percentileInterval(resampledMeans([...groups.values()], seed));
  // A single row or cluster shows nothing about others.
  const established = groups.size > 1 && (interval[0] > 0 || interval[1] < 0);
  return { difference, interval, n: a.length, clusters: groups.size, established };
}

/** The mean, 0 of nothing; summed from left to right as the reference does. */
export function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** Means of resampled groups: a mean over the rows drawn, since groups may differ in size. */
function resampledMeans(groups: readonly (readonly number[])[], seed: RandomSeed): number[] {
  const random = new PythonRandom(seed);
  const sums = groups.map((group) => group.reduce((sum, value) => sum + value, 0));
  const length = groups.length > MANY ? RESAMPLES_OF_MANY : RESAMPLES;
  return Array.from({ length }, () => {
    let sum = 0;
    let rows = 0;
    for (let drawn = 0; drawn < groups.length; drawn++) {
      const at = Math.floor((random.getrandbits(32) / 4294967296) * groups.length);
      sum += sums[at] as number;
      rows += (groups[at] as readonly number[]).length;
    }
    return sum / rows;
  });
}

function percentileInterval(values: readonly number[]): Interval {
  const sorted = [...values].sort((x, y) => x - y);
  return [quantile(sorted, 0.025), quantile(sorted, 0.975)];
}

/** Linear between the two nearest ranks, as numpy's default. */
function quantile(sorted: readonly number[], share: number): number {
  const at = share * (sorted.length - 1);
  const below = sorted[Math.floor(at)] as number;
  const above = sorted[Math.ceil(at)] as number;
  return below + (above - below) * (at - Math.floor(at));
}
