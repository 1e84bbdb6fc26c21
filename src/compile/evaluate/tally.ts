import { addUsage, NO_USAGE, type Usage } from '../../core/primitives/usage';
import { monotonicMs } from '../../core/util/clock';
import type { ProgressState } from './progress-sink';
import { roundHundredths } from './rounding';
import type { RowResult } from './row-result';

/** Counts rows as they are done, in any order, in O(1) each. */
export class Tally {
  done = 0;
  failures = 0;
  unavailable = 0;
  usage: Usage = NO_USAGE;
  private sum = 0;
  private readonly startedAt = monotonicMs();

  /** Rows in all; `Infinity` while nobody knows. */
  constructor(public total: number) {}

  add(row: RowResult): void {
    this.done++;
    if (row.usage !== NO_USAGE) this.usage = addUsage(this.usage, row.usage);
    if (row.kind === 'unavailable') this.unavailable++;
    else this.sum += row.score;
    if (row.kind === 'failed') this.failures++;
  }

  get elapsedMs(): number {
    return monotonicMs() - this.startedAt;
  }

  state(): ProgressState {
    const { done, total, failures, unavailable, elapsedMs } = this;
    const scored = done - unavailable;
    return {
      done,
      total,
      failures,
      unavailable,
      elapsedMs,
      score: scored === 0 ? 0 : roundHundredths((100 * this.sum) / scored),
      etaMs: done === 0 || total === Number.POSITIVE_INFINITY ? undefined : (elapsedMs / done) * (total - done),
    };
  }
}
