import type { MetricResult } from '../../core/primitives/metric';
import type { Usage } from '../../core/primitives/usage';

/**
 * What came of one row. `scored`: program and metric gave a result. `failed`: one of them went wrong, which counts as
 * `failureScore`. `unavailable`: the language model was not reached, which says nothing and counts as nothing.
 */
export interface RowResult<R = object, P = unknown> {
  readonly kind: 'scored' | 'failed' | 'unavailable';
  readonly example: R;
  /** What the program gave; also there when only the metric failed. */
  readonly prediction?: P;
  /** The metric's number (`true` is 1), `failureScore` of a failure; `NaN` when unavailable. */
  readonly score: number;
  /** The metric's result as it was returned, feedback included. */
  readonly metricResult?: MetricResult;
  readonly error?: unknown;
  /** What went wrong. */
  readonly failedIn?: 'program' | 'metric';
  /** Time for program and metric, in milliseconds; waits for an outage to end included. */
  readonly durationMs: number;
  /** What the row's calls of language models cost, those of the metric included. */
  readonly usage: Usage;
}
