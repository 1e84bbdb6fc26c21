import type { Metric } from '../../core/primitives/metric';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { Module } from '../../program/predict/module';
import { effectiveConcurrency, effectiveMaxErrors } from '../evaluate/evaluate-options';
import { OutagePatience } from '../runs/outage-patience';
import type { RunControl } from '../runs/run';
import { EXAMPLE_DEADLINE_MS } from '../runs/within-deadline';
import { withBootstrappedDemos } from './bootstrap-demos';
import { type BootstrapOptions, checkBootstrapOptions } from './bootstrap-options';
import { chooseStepByContent } from './choose-step';
import { prepareTeacher } from './teacher';
import { type CompileData, checkStudentAndRows, type Student, Teleprompter } from './teleprompter';

export type BootstrapFewShotOptions<G, P> = BootstrapOptions<G, P>;

/**
 * Lets a teacher (by default the student itself, shown labeled rows) work through the trainset and keeps the steps of
 * the examples that the metric likes as demonstrations. So also predictors in the middle of a program get demos, for
 * which no row has labels. (DSPy: `BootstrapFewShot`; Khattab et al., "DSPy", 2023.)
 */
export class BootstrapFewShot<G = FieldValues, P = FieldValues> extends Teleprompter<G, P> {
  private readonly options: BootstrapFewShotOptions<G, P>;

  constructor(options: BootstrapFewShotOptions<G, P> = {}) {
    super();
    checkBootstrapOptions('BootstrapFewShot', options);
    this.options = Object.freeze({ ...options });
  }

  protected override async optimize<M extends Student<P>>(
    student: M,
    { trainset, teacher }: CompileData<M, G>,
    run: RunControl,
  ): Promise<M> {
    checkStudentAndRows('BootstrapFewShot', student, trainset as readonly object[]);
    const predictors = student.namedPredictors({ skipCompiled: true }).map(([path]) => path);
    run.emit({ kind: 'started', predictors, trainset: trainset.length });
    run.emit({ kind: 'phase', phase: 'bootstrapping demos' });
    return bootstrap('BootstrapFewShot', student, trainset as readonly object[], teacher, this.options, run);
  }
}

/** One bootstrap with these options, the defaults filled in. */
export function bootstrap<M extends Module, G, P>(
  optimizer: string,
  student: M,
  trainset: readonly object[],
  teacher: Module | undefined,
  options: BootstrapOptions<G, P>,
  run: RunControl,
): Promise<M> {
  const { maxBootstrappedDemos = 4, maxLabeledDemos = 16, maxRounds = 1, seed = 0 } = options;
  const { outageRetries: retries = 3, outageWaitMs: waitMs = 1000 } = options;
  return withBootstrappedDemos(
    student,
    trainset,
    {
      optimizer,
      teacher: prepareTeacher(optimizer, student, teacher, trainset, { maxLabeledDemos, seed }),
      metric: options.metric as Metric<never, never> | undefined,
      threshold: options.metricThreshold,
      teacherSettings: options.teacherSettings ?? {},
      maxRounds,
      deadlineMs: options.exampleDeadlineMs ?? EXAMPLE_DEADLINE_MS,
      patience: new OutagePatience({ retries, waitMs }),
      maxBootstrappedDemos,
      maxLabeledDemos,
      maxErrors: effectiveMaxErrors(options.maxErrors),
      concurrency: effectiveConcurrency(options.concurrency),
      seed,
      chooseStep: options.chooseStep ?? chooseStepByContent,
    },
    run,
  );
}
