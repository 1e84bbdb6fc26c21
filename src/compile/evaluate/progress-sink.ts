/** How far an evaluation is. */
export interface ProgressState {
  readonly done: number;
  /** `Infinity` while nobody knows: a streamed devset tells at its end. */
  readonly total: number;
  /** Mean score of the rows done so far, 0 to 100 for scores from 0 to 1; 0 while none is done. */
  readonly score: number;
  /** Rows that failed so far. */
  readonly failures: number;
  /** Rows for which the language model was not reached so far. */
  readonly unavailable: number;
  readonly elapsedMs: number;
  /** Estimated time that is left, from the rate so far; `undefined` before the first row is done, and while `total` is not known. */
  readonly etaMs: number | undefined;
}

/** Shows how far an evaluation is. Its methods are called in this order and must not throw. */
export interface ProgressSink {
  start(state: ProgressState): void;
  update(state: ProgressState): void;
  stop(state: ProgressState): void;
}
