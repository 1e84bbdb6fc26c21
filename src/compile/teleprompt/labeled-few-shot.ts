import { InvalidOptionError } from '../../core/errors/option-errors';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import { PythonRandom } from '../../core/util/python-random';
import type { Module } from '../../program/predict/module';
import type { RunControl } from '../runs/run';
import { demoOf } from './demos';
import { freshCopy } from './fresh-copy';
import { type CompileData, type Student, Teleprompter } from './teleprompter';

export interface LabeledFewShotOptions {
  /** Demos of each predictor; default 16. */
  readonly k?: number;
  /** `false` takes the first `k` rows instead of drawing; default `true`. */
  readonly sample?: boolean;
  /** Seed of the draw; default 0, as the reference's. */
  readonly seed?: number;
}

/**
 * Shows rows of the trainset as demonstrations, drawn for each predictor in turn. No metric, no calls: the cheapest
 * optimizer, and the yardstick for the others. (DSPy: `LabeledFewShot`, `teleprompt/vanilla.py`.)
 */
export class LabeledFewShot extends Teleprompter {
  private readonly options: LabeledFewShotOptions;

  constructor(options: LabeledFewShotOptions = {}) {
    super();
    checkOptions('LabeledFewShot', options, ['k', 'sample', 'seed']);
    wholeNumber('LabeledFewShot', 'k', options.k ?? 16, 0);
    if (options.seed !== undefined && !Number.isSafeInteger(options.seed)) {
      throw new InvalidOptionError('LabeledFewShot', 'seed', options.seed, 'a whole number');
    }
    this.options = Object.freeze({ ...options });
  }

  protected override async optimize<M extends Student<unknown>>(
    student: M,
    { trainset }: CompileData<M>,
    run: RunControl,
  ): Promise<M> {
    const predictors = student.namedPredictors({ skipCompiled: true }).map(([path]) => path);
    run.emit({ kind: 'started', predictors, trainset: trainset.length });
    return withLabeledDemos(student, trainset, this.options);
  }
}

/** A fresh copy of the program whose predictors show rows of the trainset. An empty trainset changes nothing. */
export function withLabeledDemos<M extends Module>(
  program: M,
  trainset: readonly object[],
  { k = 16, sample = true, seed = 0 }: LabeledFewShotOptions,
): M {
  const copy = freshCopy(program);
  if (trainset.length === 0) return copy;
  const rows = trainset.map(demoOf);
  const random = new PythonRandom(seed);
  for (const predictor of copy.predictors({ skipCompiled: true })) {
    predictor.demos = sample ? random.sample(rows, Math.min(k, rows.length)) : rows.slice(0, k);
  }
  return copy;
}
