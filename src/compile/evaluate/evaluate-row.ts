import { ExampleDeadlineError, MetricResultError } from '../../core/errors/evaluate-errors';
import { isOutage } from '../../core/errors/lm-errors';
import { LMNotConfiguredError, UnknownLMNameError } from '../../core/errors/settings-errors';
import { callScope } from '../../core/ports/call-scope';
import { Example } from '../../core/primitives/example';
import { type Metric, type MetricResult, scoreOf } from '../../core/primitives/metric';
import { NO_USAGE } from '../../core/primitives/usage';
import { runInAbortScope } from '../../core/settings/abort-scope';
import { copyOfFrame, currentCancellation, currentFrame, type UsageMeter } from '../../core/settings/frame';
import type { AbortSource } from '../../core/util/cancellation';
import { monotonicMs } from '../../core/util/clock';
import { SourceFailure } from '../runs/executor';
import type { OutagePatience } from '../runs/outage-patience';
import type { RowStage } from '../runs/within-deadline';
import type { InputRow, Program } from './program';
import type { RowResult } from './row-result';

/** What all rows of an evaluation share. */
export interface RowWork<I, R, P> {
  readonly program: Program<I, P>;
  readonly metric: Metric<R, P>;
  readonly metricName: string;
  readonly failureScore: number;
  /** For program and metric together, in milliseconds. */
  readonly deadlineMs: number;
  readonly patience: OutagePatience;
  /** Ends the run. Rows must be started in a frame that has it, so that their scopes are linked to it. */
  readonly stop: AbortSource;
  /** Takes the result of a row; its failure ends the run. */
  readonly ended: (result: RowResult<R, P>, index: number) => Promise<void>;
  /** Told when a row has no result, because the run ends with it. */
  readonly lost: () => void;
}

/**
 * Runs and scores one row, in an abort scope of its own. Whatever goes wrong with program or metric becomes a result;
 * it rejects only when the run is aborted, when the row has no inputs, or when no language model is configured at all.
 *
 * It hands on the result itself, and what is inside it waits by `then`: each asynchronous function holds half a kilobyte for as long as
 * a model thinks, and thousands of rows may be under way.
 */
export async function evaluateRow<R extends InputRow, P>(
  work: RowWork<R['$inputs'], R, P>,
  example: R,
  index: number,
): Promise<void> {
  try {
    const row = new Row<R['$inputs'], R, P>(work, example, inputsOf(example));
    const { patience, stop } = work;
    let ended: RowResult<R, P> | undefined;
    for (let tried = 0; ended === undefined; tried++) {
      try {
        patience.begin();
        const result = await row.attempt();
        patience.succeeded();
        ended = row.scored(result);
      } catch (error) {
        if (!(await patience.outlasts(error, tried, stop))) ended = row.failed(error);
      }
    }
    await work.ended(ended, index);
  } catch (error) {
    work.lost();
    throw error;
  }
}

/** A row of a stream is looked at when its turn comes: one without inputs is a fault of the source. */
function inputsOf<R extends InputRow>(row: R): R['$inputs'] {
  try {
    return Example.inputs<object>(row as object) as R['$inputs'];
  } catch (error) {
    throw new SourceFailure(error);
  }
}

const NOTHING_ELSE = Object.freeze({});
const NO_PREDICTION: { readonly prediction?: never } = Object.freeze({});

/** A row that is under way: how far it got, and what it cost. */
class Row<I, R, P> {
  private readonly startedAt = monotonicMs();
  private readonly meter: UsageMeter = { total: NO_USAGE, outer: currentFrame().usage };
  private stage: RowStage = 'program';
  private prediction: { readonly prediction?: P } = NO_PREDICTION;

  constructor(
    private readonly work: RowWork<I, R, P>,
    private readonly example: R,
    private readonly inputs: I,
  ) {}

  /** Program, then metric. After the deadline everything inside is aborted, whether it listens or not. */
  attempt(): Promise<MetricResult> {
    const { deadlineMs } = this.work;
    this.stage = 'program';
    this.prediction = NO_PREDICTION;
    const frame = copyOfFrame(currentFrame());
    frame.usage = this.meter;
    return runInAbortScope(
      {
        owner: 'Evaluate',
        deadlineMs,
        expired: () => new ExampleDeadlineError(deadlineMs, this.stage),
        frame,
      },
      () => this.measure(),
    );
  }

  private measure(): Promise<MetricResult> {
    // One object for both, and no signal of the platform unless one of them reads it.
    const scope = callScope(currentCancellation(), NOTHING_ELSE);
    return Promise.resolve(this.work.program.call(this.inputs, scope)).then((prediction) => {
      this.prediction = { prediction };
      this.stage = 'metric';
      return this.work.metric(this.example, prediction, scope);
    });
  }

  scored(metricResult: MetricResult): RowResult<R, P> {
    const score = scoreOf(metricResult);
    if (score === undefined) throw new MetricResultError(this.work.metricName, metricResult);
    const { example, prediction, durationMs, meter } = this;
    return { kind: 'scored', score, example, ...prediction, metricResult, durationMs, usage: meter.total };
  }

  /** Throws the reason of a run that is aborted, and mistakes in the settings. */
  failed(error: unknown): RowResult<R, P> {
    this.work.stop.throwIfAborted();
    if (isSetupMistake(error)) throw error;
    const { example, prediction, durationMs, stage } = this;
    const rest = { example, ...prediction, error, durationMs, usage: this.meter.total };
    if (isOutage(error)) return { kind: 'unavailable', score: Number.NaN, ...rest };
    return { kind: 'failed', score: this.work.failureScore, ...rest, failedIn: stage };
  }

  private get durationMs(): number {
    return monotonicMs() - this.startedAt;
  }
}

/** Every row would fail alike, and for a reason that is not the program's. */
export function isSetupMistake(error: unknown): boolean {
  return error instanceof LMNotConfiguredError || error instanceof UnknownLMNameError;
}
