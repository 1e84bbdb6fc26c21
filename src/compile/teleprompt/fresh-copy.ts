import type { Module } from '../../program/predict/module';

/**
 * A copy of a program without demos, for an optimizer to fill; parts that are compiled already keep theirs. Unlike
 * `resetCopy` (and the reference) it keeps the LMs pinned on predictors: an optimizer of demos has no say in them.
 */
export function freshCopy<M extends Module>(program: M): M {
  const copy = program.clone();
  for (const predictor of copy.predictors({ skipCompiled: true })) {
    predictor.demos = [];
    predictor.traces = [];
    predictor.train = [];
  }
  return copy;
}
