import { PredictorMismatchError } from '../../core/errors/teleprompt-errors';
import type { Module } from '../../program/predict/module';
import { withLabeledDemos } from './labeled-few-shot';

/**
 * The program that makes the demos: a copy of the teacher, or of the student when there is none. Unless it is compiled
 * already it is shown labeled demos. Throws `PredictorMismatchError` when its predictors are not the student's.
 */
export function prepareTeacher(
  optimizer: string,
  student: Module,
  teacher: Module | undefined,
  trainset: readonly object[],
  options: { readonly maxLabeledDemos: number; readonly seed: number },
): Module {
  const given = teacher ?? student;
  checkSamePredictors(optimizer, student, given);
  if (options.maxLabeledDemos === 0 || given.compiled) return given.clone();
  return withLabeledDemos(given, trainset, { k: options.maxLabeledDemos, seed: options.seed });
}

function checkSamePredictors(optimizer: string, student: Module, teacher: Module): void {
  const ours = student.namedPredictors({ skipCompiled: true });
  const theirs = teacher.namedPredictors({ skipCompiled: true });
  const names = (predictors: typeof ours) => predictors.map(([path]) => `'${path}'`).join(', ') || 'none';
  if (names(ours) !== names(theirs)) {
    throw new PredictorMismatchError(optimizer, `the student's are ${names(ours)} and the teacher's ${names(theirs)}`);
  }
  for (const [at, [path, predictor]] of ours.entries()) {
    const other = theirs[at]?.[1];
    if (other !== undefined && !predictor.spec.equals(other.spec)) {
      throw new PredictorMismatchError(optimizer, `the signatures of '${path}' differ`);
    }
  }
}
