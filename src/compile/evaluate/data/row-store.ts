import type { RowSums } from '../evaluation-result';
import type { RowResult } from '../row-result';
import { ScoreSums } from '../score-sums';
import type { Tally } from '../tally';

/** What becomes of the results of rows as they come, in any order. */
export interface RowStore<R, P> {
  add(row: RowResult<R, P>, index: number): void;
  /** The rows that were kept, in the order of the devset. */
  readonly rows: readonly RowResult<R, P>[];
  /** What all rows came to, where not all were kept. */
  readonly sums: RowSums | undefined;
}

/** Keeps every row. */
export class AllRows<R, P> implements RowStore<R, P> {
  readonly sums = undefined;
  private readonly byPlace: (RowResult<R, P> | undefined)[];

  /** `total` rows, or as many as come where it is `Infinity`. */
  constructor(total: number) {
    // Made at once: rows of 10,000 in flight that end from the last to the first would make a sparse array of one that grows.
    this.byPlace = total === Number.POSITIVE_INFINITY ? [] : new Array(total).fill(undefined);
  }

  add(row: RowResult<R, P>, index: number): void {
    this.byPlace[index] = row;
  }

  get rows(): readonly RowResult<R, P>[] {
    return this.byPlace.filter((row) => row !== undefined);
  }
}

/** So many rows that failed are kept, and so many for which the language model was not reached. */
const KEPT = 100;

/** Keeps the first rows that went wrong, and of all others their scores only. */
export class FewRows<R, P> implements RowStore<R, P> {
  private readonly kept: { readonly row: RowResult<R, P>; readonly index: number }[] = [];
  private readonly scores = new ScoreSums();

  /** `tally` counts the same rows, each before it is added here. */
  constructor(private readonly tally: Tally) {}

  add(row: RowResult<R, P>, index: number): void {
    if (row.kind !== 'unavailable') this.scores.add(index, row.score);
    if (row.kind === 'scored') return;
    const { failures, unavailable } = this.tally;
    if ((row.kind === 'failed' ? failures : unavailable) <= KEPT) this.kept.push({ row, index });
  }

  get rows(): readonly RowResult<R, P>[] {
    return [...this.kept].sort((a, b) => a.index - b.index).map(({ row }) => row);
  }

  get sums(): RowSums {
    const { done, failures, unavailable } = this.tally;
    return { scores: this.scores, done, failures, unavailable };
  }
}
