import { TooManyErrorsError } from '../../core/errors/evaluate-errors';
import { AllExamplesFailedError } from '../../core/errors/teleprompt-errors';
import type { FieldValues } from '../../core/signatures/field-spec';
import { PythonRandom } from '../../core/util/python-random';
import type { Module } from '../../program/predict/module';
import { acceptInOrder } from '../runs/accept-in-order';
import type { RunControl } from '../runs/run';
import { type Attempt, attemptExample, type BootstrapAttemptOptions } from './bootstrap-attempt';
import type { ChooseStep } from './choose-step';
import { demoOf } from './demos';
import { freshCopy } from './fresh-copy';

export interface BootstrapDemosOptions extends BootstrapAttemptOptions {
  readonly maxBootstrappedDemos: number;
  readonly maxLabeledDemos: number;
  readonly maxErrors: number;
  readonly concurrency: number;
  readonly seed: number;
  readonly chooseStep: ChooseStep;
}

/**
 * The student's copy with demos: steps of the teacher that the metric liked, filled up with labeled rows. Examples are
 * tried ahead and accepted in the order of the trainset, so the concurrency changes the time and nothing else.
 */
export async function withBootstrappedDemos<M extends Module>(
  student: M,
  trainset: readonly object[],
  options: BootstrapDemosOptions,
  run: RunControl,
): Promise<M> {
  const wanted = options.maxBootstrappedDemos;
  const harvest = new Harvest(options.chooseStep);
  const finish = () => assemble(student, trainset, harvest, options);
  if (wanted === 0) return finish();
  await acceptInOrder<object, Attempt>({
    items: trainset,
    concurrency: options.concurrency,
    signal: run.signal,
    wanted: () => harvest.worthTrying(wanted),
    attempt: (example, _index, signal) => attemptExample(options, example, signal),
    accept: (attempt, index) => {
      harvest.add(attempt, index);
      const error = attempt.errors.at(-1)?.error;
      run.emit({
        kind: 'bootstrap',
        index,
        accepted: attempt.steps !== undefined,
        demos: harvest.accepted.size,
        wanted,
        ...(error === undefined ? {} : { error }),
      });
      if (harvest.errors >= options.maxErrors) {
        const { optimizer, maxErrors } = options;
        throw new TooManyErrorsError(optimizer, harvest.errors, maxErrors, finish(), { cause: error });
      }
      return harvest.accepted.size < wanted;
    },
  });
  const { tried, allFailed } = harvest;
  if (allFailed !== undefined) {
    throw new AllExamplesFailedError(options.optimizer, tried, allFailed.stage, { cause: allFailed.error });
  }
  return finish();
}

/** What the examples gave so far. */
class Harvest {
  /** Places of the examples that became demos. */
  readonly accepted = new Set<number>();
  readonly demos = new Map<string, FieldValues[]>();
  /** Failed rounds, over all examples. */
  errors = 0;
  tried = 0;
  private threw = 0;
  private first: Attempt['errors'][number] | undefined;

  constructor(private readonly chooseStep: ChooseStep) {}

  add({ steps, errors }: Attempt, index: number): void {
    this.tried++;
    this.errors += errors.length;
    this.first ??= errors[0];
    if (steps === undefined) {
      if (errors.length > 0) this.threw++;
      return;
    }
    this.accepted.add(index);
    for (const [predictor, calls] of steps) {
      const chosen = calls.length === 1 ? 0 : this.chooseStep(calls, { predictor, index });
      const demo = calls[chosen];
      if (demo !== undefined) this.demos.set(predictor, [...(this.demos.get(predictor) ?? []), demo]);
    }
  }

  /** The first failure, when every example failed by an exception. */
  get allFailed(): Attempt['errors'][number] | undefined {
    return this.tried > 0 && this.threw === this.tried ? this.first : undefined;
  }

  /** About as many examples as it takes to get the demos that are missing, at the rate seen so far. */
  worthTrying(wanted: number): number {
    const missing = wanted - this.accepted.size;
    const rate = (this.accepted.size + 1) / (this.tried + 1);
    return Math.ceil(missing / rate);
  }
}

function assemble<M extends Module>(
  student: M,
  trainset: readonly object[],
  { accepted, demos }: Harvest,
  { maxBootstrappedDemos, maxLabeledDemos, seed }: BootstrapDemosOptions,
): M {
  const copy = freshCopy(student);
  const rest = trainset.filter((_, index) => !accepted.has(index)).map(demoOf);
  const pool = new PythonRandom(seed).shuffle(rest);
  const random = new PythonRandom(seed);
  for (const [path, predictor] of copy.namedPredictors({ skipCompiled: true })) {
    const bootstrapped = (demos.get(path) ?? []).slice(0, maxBootstrappedDemos);
    const labeled = Math.max(0, Math.min(maxLabeledDemos - bootstrapped.length, pool.length));
    predictor.demos = [...bootstrapped, ...random.sample(pool, labeled)];
  }
  return copy.markCompiled();
}
