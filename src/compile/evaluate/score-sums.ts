import type { RandomSeed } from '../../core/util/python-random';
import { percentage, roundHundredths } from './rounding';
import { bootstrapMean, type Interval, meanInterval, wilson } from './statistics';

/**
 * Up to so many rows their scores are held, 8 bytes each: their sum and the bootstrap's draws go by the order of the rows.
 * A bootstrap over more is the normal interval, up to noise of its own that is larger than the difference, and takes 10 us a row.
 */
const HELD = 10_000;

/** The scores of rows that end in any order: mean and interval, in a memory that does not grow with the rows. */
export class ScoreSums {
  /** Rows with a score. */
  n = 0;
  private ones = 0;
  private zeros = 0;
  /** By place of the row; `NaN` where a row has none. Given up once a row lies beyond. */
  private held: Float64Array | undefined = new Float64Array(64).fill(Number.NaN);
  // Neumaier's sum, so that the order in which rows end does not show.
  private sum = 0;
  private lost = 0;
  // Welford's mean and squares, which do not cancel out as a sum of squares does.
  private mean = 0;
  private squares = 0;

  /** Counts the score of the row at this place. */
  add(index: number, score: number): void {
    this.n++;
    if (score === 1) this.ones++;
    else if (score === 0) this.zeros++;
    const sum = this.sum + score;
    this.lost += Math.abs(this.sum) >= Math.abs(score) ? this.sum - sum + score : score - sum + this.sum;
    this.sum = sum;
    const above = score - this.mean;
    this.mean += above / this.n;
    this.squares += above * (score - this.mean);
    this.hold(index, score);
  }

  /** Mean score times 100, rounded to hundredths as the reference does; `NaN` without scores. */
  score(): number {
    if (this.n === 0) return Number.NaN;
    if (this.held !== undefined) return percentage(this.inOrder(this.held));
    // Infinite scores have no lost part.
    const sum = Number.isFinite(this.lost) ? this.sum + this.lost : this.sum;
    return roundHundredths((100 * sum) / this.n);
  }

  /** 95 % interval of the score, on the same scale. */
  interval(seed: RandomSeed | undefined): Interval {
    const [low, high] = this.shareInterval(seed);
    return [100 * low, 100 * high];
  }

  private shareInterval(seed: RandomSeed | undefined): Interval {
    const { n, ones, zeros, held } = this;
    if (n === 0) return [Number.NaN, Number.NaN];
    if (ones + zeros === n) return wilson(ones, n);
    if (held !== undefined) return bootstrapMean(this.inOrder(held), seed);
    return meanInterval(this.mean, this.squares / n, n);
  }

  private hold(index: number, score: number): void {
    if (this.held === undefined) return;
    if (index >= HELD) {
      this.held = undefined;
      return;
    }
    if (index >= this.held.length) {
      const wider = new Float64Array(Math.min(HELD, Math.max(index + 1, 2 * this.held.length))).fill(Number.NaN);
      wider.set(this.held);
      this.held = wider;
    }
    this.held[index] = score;
  }

  private inOrder(held: Float64Array): number[] {
    return [...held].filter((score) => !Number.isNaN(score));
  }
}
