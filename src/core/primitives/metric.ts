import type { Trace } from './trace';

/** What a metric may return. A higher score is better; `true` is 1, `false` is 0; feedback is for reflective optimizers. */
export type MetricResult = number | boolean | { readonly score: number | boolean; readonly feedback?: string };

export interface MetricContext {
  /** The calls that led to the prediction; present while an optimizer bootstraps (DSPy: the `trace` argument). */
  readonly trace?: Trace;
  readonly signal?: AbortSignal;
}

/** Scores one prediction against its row. May be asynchronous. */
export type Metric<G, P> = (gold: G, predicted: P, context?: MetricContext) => MetricResult | Promise<MetricResult>;

/** The number behind a metric's result; `undefined` when it is none (NaN, a string, nothing). */
export function scoreOf(result: unknown): number | undefined {
  if (typeof result === 'boolean') return result ? 1 : 0;
  if (typeof result === 'number') return Number.isNaN(result) ? undefined : result;
  if (result !== null && typeof result === 'object' && 'score' in result) {
    return typeof result.score === 'object' ? undefined : scoreOf(result.score);
  }
  return undefined;
}
