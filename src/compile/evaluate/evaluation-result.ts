import type { Usage } from '../../core/primitives/usage';
import type { RandomSeed } from '../../core/util/python-random';
import { rowsCsv } from '../report/rows-csv';
import { rowsTable } from '../report/rows-table';
import { percentage } from './rounding';
import type { RowResult } from './row-result';
import { bootstrapMean, type Interval, wilson } from './statistics';

export interface EvaluationResultInit<R extends object, P> {
  /** In the order of the devset; rows that were not reached are missing. */
  readonly results: readonly RowResult<R, P>[];
  /** Rows that should have been done. */
  readonly total: number;
  readonly metricName: string;
  readonly usage: Usage;
  readonly durationMs: number;
  /** Seed of the interval's resampling. */
  readonly seed?: RandomSeed;
  /** Why not all rows were scored. */
  readonly reason?: string;
}

/** What an evaluation found: the score, how sure it is, and each row. */
export class EvaluationResult<R extends object = object, P = unknown> {
  /** Mean score times 100, rounded to hundredths as the reference does; `NaN` when no row was scored. */
  readonly score: number;
  /** 95 % interval of the score, on the same scale: Wilson's when every score is 0 or 1, else a bootstrap over rows. */
  readonly interval: Interval;
  /** Rows that the score is over: all but the unavailable ones. */
  readonly n: number;
  /** One result a row, in the order of the devset, whatever came of it. */
  readonly results: readonly RowResult<R, P>[];
  /** The rows of `results` that failed. */
  readonly failures: readonly RowResult<R, P>[];
  /** The rows of `results` for which the language model was not reached. */
  readonly unavailable: readonly RowResult<R, P>[];
  readonly usage: Usage;
  readonly durationMs: number;
  /** False when rows are missing or unavailable; `reason` says why. */
  readonly complete: boolean;
  readonly reason: string | undefined;
  /** Name of the score's column in table and files. */
  readonly metricName: string;

  constructor(init: EvaluationResultInit<R, P>) {
    this.results = Object.freeze([...init.results]);
    this.failures = this.results.filter((row) => row.kind === 'failed');
    this.unavailable = this.results.filter((row) => row.kind === 'unavailable');
    const scores = this.scores();
    this.n = scores.length;
    this.score = scores.length === 0 ? Number.NaN : percentage(scores);
    this.interval = scoreInterval(scores, init.seed);
    this.usage = init.usage;
    this.durationMs = init.durationMs;
    this.complete = this.n === init.total;
    this.reason = this.complete ? undefined : (init.reason ?? this.whyIncomplete(init.total));
    this.metricName = init.metricName;
    Object.freeze(this);
  }

  /** Scores of the rows that have one, in order; for `pairedDifference`, compare results whose rows are the same. */
  scores(): number[] {
    return this.results.filter((row) => row.kind !== 'unavailable').map((row) => row.score);
  }

  /** The rows as text, `limit` of them (default 20). Fields that row and prediction share begin with `example_` and `pred_`. */
  table(limit = 20): string {
    return rowsTable(this.results, this.metricName, limit);
  }

  /** The rows as CSV (RFC 4180), in the reference's layout; fields that only some rows have are empty in the others. */
  toCSV(): string {
    return rowsCsv(this.results, this.metricName);
  }

  /** What `JSON.stringify` writes: the numbers and the rows, errors as their messages. */
  toJSON(): Record<string, unknown> {
    const { score, interval, n, complete, reason, metricName, durationMs, usage } = this;
    const results = this.results.map(({ error, ...row }) => ({
      ...row,
      ...(error === undefined
        ? {}
        : { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }),
    }));
    return { score, interval, n, complete, reason, metric: metricName, durationMs, usage, results };
  }

  toString(): string {
    const [low, high] = this.interval.map((end) => end.toFixed(1));
    const failed = this.failures.length === 0 ? '' : `, ${this.failures.length} failed`;
    const missing = this.complete ? '' : ` (incomplete: ${this.reason})`;
    return `${this.score} (95 % interval ${low} to ${high}, n = ${this.n}${failed})${missing}`;
  }

  private whyIncomplete(total: number): string {
    const away = this.unavailable.length;
    const missing = total - this.results.length;
    const parts = [
      away === 0 ? '' : `the language model was not reached for ${away} of ${total} rows`,
      missing === 0 ? '' : `${missing} of ${total} rows were not done`,
    ];
    return parts.filter((part) => part !== '').join(', ');
  }
}

function scoreInterval(scores: readonly number[], seed: RandomSeed | undefined): Interval {
  if (scores.length === 0) return [Number.NaN, Number.NaN];
  const binary = scores.every((score) => score === 0 || score === 1);
  const [low, high] = binary
    ? wilson(scores.filter((score) => score === 1).length, scores.length)
    : bootstrapMean(scores, seed);
  return [100 * low, 100 * high];
}
