import { DspexError, type DspexErrorOptions } from './dspex-error';

/** An evaluation got no rows. */
export class EmptyDevsetError extends DspexError {
  readonly code = 'EMPTY_DEVSET';

  constructor() {
    super(
      'Evaluate: the devset is empty, and a score over no rows means nothing. ' +
        "Give at least one row: devset: rows.map((row) => example(row).withInputs('question')). " +
        'A generator gives its rows once; for several calls give a function that makes it.',
    );
  }
}

/**
 * The devset is a stream, and reading it failed. The rows that were read before are done: `partial` holds what came of them;
 * the failure is the `cause`, for example a `JsonlError` with the line.
 */
export class DevsetReadError<R = unknown> extends DspexError {
  readonly code = 'DEVSET_READ';
  readonly partial: R;

  constructor(owner: string, rows: number, partial: R, options: DspexErrorOptions = {}) {
    super(`${owner}: the devset could not be read after ${rows} rows: ${messageOf(options.cause)}`, options);
    this.partial = partial;
  }
}

/** Something asks an evaluation for rows that it did not keep. */
export class RowsNotKeptError extends DspexError {
  readonly code = 'ROWS_NOT_KEPT';

  constructor(method: string) {
    super(
      `EvaluationResult.${method} needs every row, and rows of a streamed devset are not kept. ` +
        'Evaluate with keepRows: true, or write them to a file as they end: saveAsCsv, saveAsJson.',
    );
  }
}

/**
 * So many rows failed that going on would only cost money. `partial` holds what was done until then; the failures of
 * rows are in it, and the last one is the `cause`.
 */
export class TooManyErrorsError<R = unknown> extends DspexError {
  readonly code = 'TOO_MANY_ERRORS';
  readonly partial: R;

  constructor(owner: string, failed: number, maxErrors: number, partial: R, options: DspexErrorOptions = {}) {
    super(
      `${owner} stopped after ${failed} failed ${failed === 1 ? 'row' : 'rows'} (maxErrors is ${maxErrors}). ` +
        `The last failure: ${messageOf(options.cause)} Mend the cause, or raise maxErrors to go on in spite of it.`,
      options,
    );
    this.partial = partial;
  }
}

/** A metric returned something that is no score. */
export class MetricResultError extends DspexError {
  readonly code = 'METRIC_RESULT';

  constructor(metric: string, result: unknown) {
    super(
      `The metric '${metric}' returned ${shown(result)}, which is no score. ` +
        'Return a number, a boolean, or { score, feedback? }; a promise of one is fine too.',
    );
  }
}

/** A row took longer than `exampleDeadlineMs`: its program and metric were aborted. It counts as a failure of the row. */
export class ExampleDeadlineError extends DspexError {
  readonly code = 'EXAMPLE_DEADLINE';

  constructor(deadlineMs: number, stage: 'program' | 'metric') {
    super(
      `The ${stage} did not finish within exampleDeadlineMs (${deadlineMs} ms) and was aborted. ` +
        'Raise exampleDeadlineMs, lower concurrency, or look for what never settles.',
    );
  }
}

/**
 * The language model could not be reached for any row, so there is no score: an outage says nothing about a program.
 * `partial` holds the rows; the outage is the `cause`.
 */
export class NothingScoredError<R = unknown> extends DspexError {
  readonly code = 'NOTHING_SCORED';
  readonly partial: R;

  constructor(owner: string, rows: number, partial: R, options: DspexErrorOptions = {}) {
    super(
      `${owner}: none of the ${rows} rows could be scored, because the language model was not reached: ` +
        `${messageOf(options.cause)} Check that the server runs, its address, its key and its quota.`,
      options,
    );
    this.partial = partial;
  }
}

function shown(value: unknown): string {
  if (typeof value === 'string') return `the text '${value.slice(0, 80)}'`;
  if (value === undefined || value === null || typeof value === 'number') return String(value);
  return `a value of the type ${typeof value}`;
}

function messageOf(error: unknown): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : String(error);
  return /[.!?]$/.test(text) ? text : `${text}.`;
}
