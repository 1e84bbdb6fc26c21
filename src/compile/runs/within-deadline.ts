import { ExampleDeadlineError } from '../../core/errors/evaluate-errors';
import { runInAbortScope } from '../../core/settings/abort-scope';
import { currentSignal, runInFrame } from '../../core/settings/frame';

/** The part of a row's work that is under way. */
export type RowStage = 'program' | 'metric';

export interface DeadlineOptions {
  /** Who runs the row, for errors. */
  readonly owner: string;
  /** Time for the row, in milliseconds; `Infinity` for none. */
  readonly deadlineMs: number;
  /** Ends the row too; it must fire when the scope around the row does. */
  readonly signal: AbortSignal;
}

/** Ten minutes: slow local models with a long queue stay below it, what never settles does not hold a run for ever. */
export const EXAMPLE_DEADLINE_MS = 600_000;

/**
 * Runs program and metric of one row in an abort scope of their own. After the deadline everything inside is aborted
 * and the promise rejects with `ExampleDeadlineError`, whether the row listens or not.
 */
export async function withinDeadline<R>(
  options: DeadlineOptions,
  work: (scope: AbortSignal, reached: (stage: RowStage) => void) => Promise<R>,
): Promise<R> {
  const { owner, deadlineMs, signal } = options;
  let stage: RowStage = 'program';
  return runInFrame({ cancellation: signal }, () =>
    runInAbortScope({ owner, deadlineMs, expired: () => new ExampleDeadlineError(deadlineMs, stage) }, () =>
      work(currentSignal() ?? signal, (reached) => {
        stage = reached;
      }),
    ),
  );
}
