import type { FieldValues } from '../signatures/field-spec';
import type { Prediction } from './prediction';

/** One call of a predictor inside a program. */
export interface TraceStep {
  /** The very predictor object that was called. */
  readonly predictor: object;
  readonly inputs: FieldValues;
  readonly prediction: Prediction;
}

/** The calls of predictors in the order they ended; optimizers make demos of it. */
export type Trace = readonly TraceStep[];
