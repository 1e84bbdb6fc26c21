import { MetricResultError } from '../../core/errors/evaluate-errors';
import { isOutage } from '../../core/errors/lm-errors';
import { RunOutageError } from '../../core/errors/teleprompt-errors';
import { Example } from '../../core/primitives/example';
import { type Metric, scoreOf } from '../../core/primitives/metric';
import type { Trace } from '../../core/primitives/trace';
import { context } from '../../core/settings/context';
import type { Settings } from '../../core/settings/settings';
import { withTrace } from '../../core/settings/with-trace';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { Module } from '../../program/predict/module';
import { isSetupMistake } from '../evaluate/evaluate-row';
import { metricName } from '../evaluate/metric-name';
import type { OutagePatience } from '../runs/outage-patience';
import { type RowStage, withinDeadline } from '../runs/within-deadline';
import { sameFields } from './demos';

export interface BootstrapAttemptOptions {
  /** For errors. */
  readonly optimizer: string;
  readonly teacher: Module;
  readonly metric: Metric<never, never> | undefined;
  /** Score from which a trace is good; without one every score above 0 is. */
  readonly threshold: number | undefined;
  readonly teacherSettings: Settings;
  readonly maxRounds: number;
  readonly deadlineMs: number;
  readonly patience: OutagePatience;
}

/** What came of one example. */
export interface Attempt {
  /** The steps of the first round that passed, by predictor; absent when none did. */
  readonly steps?: ReadonlyMap<string, readonly FieldValues[]>;
  /** One entry for each round that threw. */
  readonly errors: readonly { readonly error: unknown; readonly stage: RowStage }[];
}

/**
 * Lets the teacher answer one example, up to `maxRounds` times, until the metric is content. The teacher itself is not
 * touched: each round runs a copy that lacks the demos equal to the example. Later rounds ask every predictor, also
 * those with an LM of their own, for a fresh sample at temperature 1.
 */
export async function attemptExample(
  options: BootstrapAttemptOptions,
  example: object,
  signal: AbortSignal,
): Promise<Attempt> {
  const errors: { error: unknown; stage: RowStage }[] = [];
  for (let round = 0; round < options.maxRounds; round++) {
    let stage: RowStage = 'program';
    try {
      const attempt = () => tryRound(options, example, round, signal, (reached) => (stage = reached));
      const steps = await options.patience.run(attempt, signal);
      if (steps !== undefined) return { steps, errors };
    } catch (error) {
      signal.throwIfAborted();
      if (isSetupMistake(error)) throw error;
      if (isOutage(error)) throw new RunOutageError(options.optimizer, { cause: error });
      errors.push({ error, stage });
    }
  }
  return { errors };
}

async function tryRound(
  options: BootstrapAttemptOptions,
  example: object,
  round: number,
  signal: AbortSignal,
  reached: (stage: RowStage) => void,
): Promise<ReadonlyMap<string, readonly FieldValues[]> | undefined> {
  const { optimizer, deadlineMs, teacherSettings, metric } = options;
  const copy = options.teacher.clone();
  for (const predictor of copy.predictors()) {
    const others = predictor.demos.filter((demo) => !sameFields(demo, example));
    if (others.length < predictor.demos.length) predictor.demos = others;
  }
  return withinDeadline({ owner: optimizer, deadlineMs, signal }, async (scope, enter) => {
    const fresh = round === 0 ? {} : { config: { rolloutId: round, temperature: 1 } };
    const call = (copy.call as (inputs: FieldValues, options: object) => Promise<unknown>).bind(copy);
    const { result, trace } = await context(teacherSettings, () =>
      withTrace(() => call(Example.inputs(example), { signal: scope, ...fresh })),
    );
    enter('metric');
    reached('metric');
    const judge = metric as Metric<unknown, unknown> | undefined;
    const verdict = judge === undefined ? true : await judge(example, result, { trace, signal: scope });
    return passes(verdict, options.threshold, metric) ? stepsOf(copy, trace) : undefined;
  });
}

/** A score of 0 or less fails, however it is wrapped; a threshold of 0 is a threshold. */
function passes(verdict: unknown, threshold: number | undefined, metric: unknown): boolean {
  const score = scoreOf(verdict);
  if (score === undefined) throw new MetricResultError(metricName(metric), verdict);
  return threshold === undefined ? score > 0 : score >= threshold;
}

/** The trace as demos, by predictor; steps of predictors that are not to be optimized are left out. */
function stepsOf(program: Module, trace: Trace): ReadonlyMap<string, readonly FieldValues[]> {
  const names = new Map<object, string>(
    program.namedPredictors({ skipCompiled: true }).map(([path, predictor]) => [predictor, path]),
  );
  const steps = new Map<string, FieldValues[]>();
  for (const { predictor, inputs, prediction } of trace) {
    const name = names.get(predictor);
    if (name === undefined) continue;
    const demo = Object.freeze({ augmented: true, ...inputs, ...prediction });
    steps.set(name, [...(steps.get(name) ?? []), demo]);
  }
  return steps;
}
