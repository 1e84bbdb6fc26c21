import { EmptyDevsetError, NothingScoredError, TooManyErrorsError } from '../../core/errors/evaluate-errors';
import { InvalidOptionError } from '../../core/errors/option-errors';
import { Example } from '../../core/primitives/example';
import { runInAbortScope } from '../../core/settings/abort-scope';
import { currentSignal } from '../../core/settings/frame';
import type { FieldValues } from '../../core/signatures/field-spec';
import { writeFileAtomic } from '../../core/util/write-file-atomic';
import { progressBar } from '../report/progress-bar';
import { rowsJson } from '../report/rows-json';
import { forEachBounded } from '../runs/executor';
import { OutagePatience } from '../runs/outage-patience';
import { EXAMPLE_DEADLINE_MS } from '../runs/within-deadline';
import {
  checkEvaluateOptions,
  type EvaluateOptions,
  effectiveConcurrency,
  effectiveMaxErrors,
} from './evaluate-options';
import { evaluateRow } from './evaluate-row';
import { EvaluationResult } from './evaluation-result';
import { metricName } from './metric-name';
import type { InputRow, Program } from './program';
import type { ProgressSink } from './progress-sink';
import type { RowResult } from './row-result';
import { Tally } from './tally';

/**
 * Scores programs on a devset: `await new Evaluate({ devset, metric }).call(program)`. Rows run concurrently, each in a
 * call tree of its own, and come back in the order of the devset whatever became of them. (DSPy: `dspy.Evaluate`.)
 */
export class Evaluate<R extends InputRow, P = FieldValues> {
  private readonly options: EvaluateOptions<R, P>;

  constructor(options: EvaluateOptions<R, P>) {
    checkEvaluateOptions('Evaluate', options);
    this.options = Object.freeze({ ...options });
  }

  /**
   * Scores one program. Throws `EmptyDevsetError`, `ExampleInputsError` for a row without marked inputs,
   * `TooManyErrorsError` and `NothingScoredError`, which carry the partial result, and what is wrong with the settings.
   */
  async call(
    program: Program<R['$inputs'], P>,
    overrides: Partial<EvaluateOptions<R, P>> = {},
  ): Promise<EvaluationResult<R, P>> {
    checkEvaluateOptions('Evaluate.call', overrides);
    const options = { ...this.options, ...overrides };
    const { devset, metric, signal, saveAsCsv, saveAsJson } = options;
    if (devset === undefined) throw new InvalidOptionError('Evaluate', 'devset', devset, 'an array of examples');
    if (typeof metric !== 'function') {
      throw new InvalidOptionError('Evaluate', 'metric', metric, 'a function (gold, predicted) => score');
    }
    if (devset.length === 0) throw new EmptyDevsetError();
    const result = await runInAbortScope({ owner: 'Evaluate', signal }, () => scoreRows(program, options));
    if (saveAsCsv !== undefined) await writeFileAtomic(saveAsCsv, result.toCSV());
    if (saveAsJson !== undefined) await writeFileAtomic(saveAsJson, rowsJson(result.results, result.metricName));
    return result;
  }
}

async function scoreRows<R extends InputRow, P>(
  program: Program<R['$inputs'], P>,
  options: EvaluateOptions<R, P>,
): Promise<EvaluationResult<R, P>> {
  const { devset, metric, failureScore = 0, outageRetries = 3, outageWaitMs = 1000, seed } = options;
  const inputs = devset.map((row) => Example.inputs<object>(row as object) as R['$inputs']);
  const maxErrors = effectiveMaxErrors(options.maxErrors);
  const name = metricName(metric);
  const patience = new OutagePatience({ retries: outageRetries, waitMs: outageWaitMs });
  const stop = new AbortController();
  const signal = AbortSignal.any([stop.signal, currentSignal() ?? stop.signal]);
  const sink = sinkOf(options.progress);
  const tally = new Tally(devset.length);
  const rows: (RowResult<R, P> | undefined)[] = new Array(devset.length).fill(undefined);

  const resultSoFar = (reason?: string): EvaluationResult<R, P> =>
    new EvaluationResult({
      results: rows.filter((row) => row !== undefined),
      total: devset.length,
      metricName: name,
      usage: tally.usage,
      durationMs: tally.elapsedMs,
      ...(seed === undefined ? {} : { seed }),
      ...(reason === undefined ? {} : { reason }),
    });

  sink?.start(tally.state());
  try {
    const concurrency = effectiveConcurrency(options.concurrency);
    await forEachBounded(devset, { concurrency, signal }, async (example, index) => {
      const row = await evaluateRow<R, P>({
        example,
        program: (scope) => program.call(inputs[index] as R['$inputs'], { signal: scope }),
        metric,
        metricName: name,
        failureScore,
        deadlineMs: options.exampleDeadlineMs ?? EXAMPLE_DEADLINE_MS,
        patience,
        signal,
      });
      rows[index] = row;
      tally.add(row);
      sink?.update(tally.state());
      if (row.kind === 'failed' && tally.failures >= maxErrors) {
        const partial = resultSoFar(`${tally.failures} rows failed, which is maxErrors`);
        const error = new TooManyErrorsError('Evaluate', tally.failures, maxErrors, partial, { cause: row.error });
        stop.abort(error);
        throw error;
      }
    });
  } finally {
    sink?.stop(tally.state());
  }
  const result = resultSoFar();
  if (result.n === 0) {
    throw new NothingScoredError('Evaluate', devset.length, result, { cause: result.results[0]?.error });
  }
  return result;
}

function sinkOf(progress: boolean | ProgressSink | undefined): ProgressSink | undefined {
  return progress === true ? progressBar() : progress === false ? undefined : progress;
}
