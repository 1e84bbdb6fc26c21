import {
  DevsetReadError,
  EmptyDevsetError,
  NothingScoredError,
  TooManyErrorsError,
} from '../../core/errors/evaluate-errors';
import { currentCancellation, runInFrame } from '../../core/settings/frame';
import { Cancellation } from '../../core/util/cancellation';
import { onAbort } from '../../core/util/on-abort';
import { progressBar } from '../report/progress-bar';
import { csvFormat, jsonFormat } from '../report/row-formats';
import { RowsFile } from '../report/rows-file';
import { forEachBounded, SourceFailure } from '../runs/executor';
import { OutagePatience } from '../runs/outage-patience';
import { EXAMPLE_DEADLINE_MS } from '../runs/within-deadline';
import { openDevset } from './data/devset';
import { AllRows, FewRows, type RowStore } from './data/row-store';
import { type EvaluateOptions, effectiveConcurrency, effectiveMaxErrors } from './evaluate-options';
import { evaluateRow, type RowWork } from './evaluate-row';
import { EvaluationResult } from './evaluation-result';
import { metricName } from './metric-name';
import type { InputRow, Program } from './program';
import type { ProgressSink } from './progress-sink';
import type { RowResult } from './row-result';
import { Tally } from './tally';

/** One evaluation, from opening the devset to the result. Its options were checked. */
export async function scoreRows<R extends InputRow, P>(
  program: Program<R['$inputs'], P>,
  options: EvaluateOptions<R, P>,
): Promise<EvaluationResult<R, P>> {
  const outer = currentCancellation();
  const devset = await openDevset(options.devset);
  // Opening may take its time, and what is over already is not heard of again.
  outer?.throwIfAborted();
  const length = Array.isArray(devset) ? devset.length : Number.POSITIVE_INFINITY;
  if (length === 0) throw new EmptyDevsetError();
  const keepRows = options.keepRows ?? Array.isArray(devset);
  const { metric, failureScore = 0, outageRetries = 3, outageWaitMs = 1000, seed } = options;
  const maxErrors = effectiveMaxErrors(options.maxErrors);
  const concurrency = effectiveConcurrency(options.concurrency);
  const name = metricName(metric);
  const stop = new Cancellation();
  const sink = sinkOf(options.progress);
  const tally = new Tally(length);
  const store: RowStore<R, P> = keepRows ? new AllRows(length) : new FewRows(tally);
  const files = keepRows ? [] : openFiles(options, name, concurrency);

  const resultSoFar = (reason?: string): EvaluationResult<R, P> =>
    new EvaluationResult({
      results: store.rows,
      total: tally.total,
      metricName: name,
      usage: tally.usage,
      durationMs: tally.elapsedMs,
      ...(store.sums === undefined ? {} : { sums: store.sums }),
      ...(seed === undefined ? {} : { seed }),
      ...(reason === undefined ? {} : { reason }),
    });

  const ended = async (row: RowResult<R, P>, index: number): Promise<void> => {
    tally.add(row);
    store.add(row, index);
    sink?.update(tally.state());
    if (row.kind === 'failed' && tally.failures >= maxErrors) {
      const partial = resultSoFar(`${tally.failures} rows failed, which is maxErrors`);
      const error = new TooManyErrorsError('Evaluate', tally.failures, maxErrors, partial, { cause: row.error });
      stop.abort(error);
      throw error;
    }
    for (const file of files) await file.add(row, index);
  };

  const work: RowWork<R['$inputs'], R, P> = {
    program,
    metric,
    metricName: name,
    failureScore,
    deadlineMs: options.exampleDeadlineMs ?? EXAMPLE_DEADLINE_MS,
    patience: new OutagePatience({ retries: outageRetries, waitMs: outageWaitMs }),
    stop,
    ended,
    lost: () => {
      // Rows that ended early wait in the files for this one.
      for (const file of files) file.giveUp();
    },
  };

  const unlink = outer && onAbort(outer, () => stop.abort(outer.reason));
  try {
    sink?.start(tally.state());
    await runInFrame({ cancellation: stop }, () =>
      forEachBounded(devset, { concurrency, signal: stop }, (example, index) => evaluateRow(work, example, index)),
    );
    tally.total = tally.done;
    const result = resultSoFar();
    if (tally.done === 0) throw new EmptyDevsetError();
    if (result.n === 0) {
      throw new NothingScoredError('Evaluate', tally.done, result, { cause: result.results[0]?.error });
    }
    for (const file of files) await file.finish();
    return result;
  } catch (error) {
    for (const file of files) await file.discard();
    if (!(error instanceof SourceFailure)) throw error;
    const partial = resultSoFar(`the devset could not be read after ${tally.done} rows`);
    throw new DevsetReadError('Evaluate', tally.done, partial, { cause: error.error });
  } finally {
    unlink?.();
    sink?.stop(tally.state());
  }
}

/** So many rows may wait in memory for an earlier one; a slow row should hold nobody up. */
const EARLY_ROWS = 1000;

function openFiles(
  { saveAsCsv, saveAsJson }: { readonly saveAsCsv?: string; readonly saveAsJson?: string },
  metric: string,
  concurrency: number,
): RowsFile[] {
  const early = Math.max(EARLY_ROWS, 4 * concurrency);
  return [
    ...(saveAsCsv === undefined ? [] : [new RowsFile(csvFormat(saveAsCsv, metric), early)]),
    ...(saveAsJson === undefined ? [] : [new RowsFile(jsonFormat(saveAsJson, metric), early)]),
  ];
}

function sinkOf(progress: boolean | ProgressSink | undefined): ProgressSink | undefined {
  return progress === true ? progressBar() : progress === false ? undefined : progress;
}
