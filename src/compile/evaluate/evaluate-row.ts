import { MetricResultError } from '../../core/errors/evaluate-errors';
import { isOutage } from '../../core/errors/lm-errors';
import { LMNotConfiguredError, UnknownLMNameError } from '../../core/errors/settings-errors';
import { type Metric, type MetricResult, scoreOf } from '../../core/primitives/metric';
import { withUsage } from '../../core/settings/with-trace';
import { monotonicMs } from '../../core/util/clock';
import type { OutagePatience } from '../runs/outage-patience';
import { type RowStage, withinDeadline } from '../runs/within-deadline';
import type { RowResult } from './row-result';

export interface EvaluateRowOptions<R, P> {
  readonly example: R;
  /** Runs the program on the row's inputs. */
  readonly program: (signal: AbortSignal) => Promise<P>;
  readonly metric: Metric<R, P>;
  readonly metricName: string;
  readonly failureScore: number;
  /** For program and metric together, in milliseconds. */
  readonly deadlineMs: number;
  readonly patience: OutagePatience;
  readonly signal: AbortSignal;
}

/**
 * Runs and scores one row, in an abort scope of its own. Whatever goes wrong with program or metric becomes a result;
 * it rejects only when the run is aborted, or when no language model is configured at all.
 */
export async function evaluateRow<R, P>(options: EvaluateRowOptions<R, P>): Promise<RowResult<R, P>> {
  const { example, failureScore, patience, signal } = options;
  const startedAt = monotonicMs();
  let last: Attempt<P> = { stage: 'program' };
  const { result, usage } = await withUsage(async (): Promise<Partial<RowResult<R, P>>> => {
    try {
      const metricResult = await patience.run(() => attemptRow(options, (attempt) => (last = attempt)), signal);
      const score = scoreOf(metricResult);
      if (score === undefined) throw new MetricResultError(options.metricName, metricResult);
      return { kind: 'scored', score, metricResult };
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (isSetupMistake(error)) throw error;
      if (isOutage(error)) return { kind: 'unavailable', score: Number.NaN, error };
      return { kind: 'failed', score: failureScore, error, failedIn: last.stage };
    }
  });
  const prediction = last.prediction === undefined ? {} : { prediction: last.prediction.value };
  const durationMs = monotonicMs() - startedAt;
  return { kind: 'failed', score: failureScore, example, ...prediction, ...result, durationMs, usage };
}

/** How far an attempt got. */
interface Attempt<P> {
  readonly stage: RowStage;
  readonly prediction?: { readonly value: P };
}

async function attemptRow<R, P>(
  options: EvaluateRowOptions<R, P>,
  reached: (attempt: Attempt<P>) => void,
): Promise<MetricResult> {
  const { example, program, metric, deadlineMs, signal } = options;
  reached({ stage: 'program' });
  return withinDeadline({ owner: 'Evaluate', deadlineMs, signal }, async (scope, enter) => {
    const value = await program(scope);
    enter('metric');
    reached({ stage: 'metric', prediction: { value } });
    return metric(example, value, { signal: scope });
  });
}

/** Every row would fail alike, and for a reason that is not the program's. */
export function isSetupMistake(error: unknown): boolean {
  return error instanceof LMNotConfiguredError || error instanceof UnknownLMNameError;
}
