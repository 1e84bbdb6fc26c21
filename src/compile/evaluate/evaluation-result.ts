import { RowsNotKeptError } from '../../core/errors/evaluate-errors';
import type { Usage } from '../../core/primitives/usage';
import type { RandomSeed } from '../../core/util/python-random';
import { rowsCsv } from '../report/rows-csv';
import { rowsTable } from '../report/rows-table';
import { percentage } from './rounding';
import type { RowResult } from './row-result';
import { ScoreSums } from './score-sums';
import type { Interval } from './statistics';

/** What rows came to that nobody kept. */
export interface RowSums {
  readonly scores: ScoreSums;
  readonly done: number;
  readonly failures: number;
  readonly unavailable: number;
}

export interface EvaluationResultInit<R extends object, P> {
  /** In the order of the devset; rows that were not reached are missing. */
  readonly results: readonly RowResult<R, P>[];
  /** Of all rows, where `results` has only some of them. */
  readonly sums?: RowSums;
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
  /**
   * 95 % interval of the score, on the same scale: Wilson's when every score is 0 or 1, else a bootstrap over rows, beyond 10,000
   * rows the normal interval, which is what the bootstrap tends to.
   */
  readonly interval: Interval;
  /** Rows that the score is over: all but the unavailable ones. */
  readonly n: number;
  /**
   * One result a row, in the order of the devset, whatever came of it. Where rows are not kept (`rowsKept`), only of the first 100
   * that failed and the first 100 for which the language model was not reached.
   */
  readonly results: readonly RowResult<R, P>[];
  /** The rows of `results` that failed. */
  readonly failures: readonly RowResult<R, P>[];
  /** The rows of `results` for which the language model was not reached. */
  readonly unavailable: readonly RowResult<R, P>[];
  /** Rows that failed, kept or not. */
  readonly failureCount: number;
  /** Rows for which the language model was not reached, kept or not. */
  readonly unavailableCount: number;
  /** Whether `results` has every row that was done. */
  readonly rowsKept: boolean;
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
    this.rowsKept = init.sums === undefined;
    const { scores, done, failures, unavailable } = init.sums ?? this.ownSums();
    this.failureCount = failures;
    this.unavailableCount = unavailable;
    this.n = scores.n;
    // Of kept rows summed from left to right, to the bit as the reference does, however many they are.
    this.score = this.rowsKept && scores.n > 0 ? percentage(this.scores()) : scores.score();
    this.interval = scores.interval(init.seed);
    this.usage = init.usage;
    this.durationMs = init.durationMs;
    this.complete = this.n === init.total;
    this.reason = this.complete ? undefined : (init.reason ?? whyIncomplete(init.total, done, unavailable));
    this.metricName = init.metricName;
    Object.freeze(this);
  }

  /**
   * Scores of the rows that have one, in order; for `pairedDifference`, compare results whose rows are the same. Throws
   * `RowsNotKeptError`.
   */
  scores(): number[] {
    this.needRows('scores');
    return this.results.filter((row) => row.kind !== 'unavailable').map((row) => row.score);
  }

  /** The rows of `results` as text, `limit` of them (default 20). Fields that row and prediction share begin with `example_` and `pred_`. */
  table(limit = 20): string {
    return rowsTable(this.results, this.metricName, limit);
  }

  /**
   * The rows as CSV (RFC 4180), in the reference's layout; fields that only some rows have are empty in the others. Throws
   * `RowsNotKeptError`.
   */
  toCSV(): string {
    this.needRows('toCSV');
    return rowsCsv(this.results, this.metricName);
  }

  /** What `JSON.stringify` writes: the numbers and the rows, errors as their messages. */
  toJSON(): Record<string, unknown> {
    const { score, interval, n, complete, reason, metricName, durationMs, usage, failureCount, unavailableCount } =
      this;
    const results = this.results.map(({ error, ...row }) => ({
      ...row,
      ...(error === undefined
        ? {}
        : { error: error instanceof Error ? `${error.name}: ${error.message}` : String(error) }),
    }));
    const counts = { failureCount, unavailableCount, rowsKept: this.rowsKept };
    return { score, interval, n, complete, reason, metric: metricName, durationMs, usage, ...counts, results };
  }

  toString(): string {
    const [low, high] = this.interval.map((end) => end.toFixed(1));
    const failed = this.failureCount === 0 ? '' : `, ${this.failureCount} failed`;
    const missing = this.complete ? '' : ` (incomplete: ${this.reason})`;
    return `${this.score} (95 % interval ${low} to ${high}, n = ${this.n}${failed})${missing}`;
  }

  private ownSums(): RowSums {
    const scores = new ScoreSums();
    this.results.forEach(({ kind, score }, index) => {
      if (kind !== 'unavailable') scores.add(index, score);
    });
    const { results, failures, unavailable } = this;
    return { scores, done: results.length, failures: failures.length, unavailable: unavailable.length };
  }

  private needRows(method: string): void {
    if (!this.rowsKept) throw new RowsNotKeptError(method);
  }
}

function whyIncomplete(total: number, done: number, unavailable: number): string {
  const parts = [
    unavailable === 0 ? '' : `the language model was not reached for ${unavailable} of ${total} rows`,
    total === done ? '' : `${total - done} of ${total} rows were not done`,
  ];
  return parts.filter((part) => part !== '').join(', ');
}
