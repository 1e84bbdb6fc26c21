export { ExampleInputsError, JsonlError } from '../../core/errors/data-errors';
export {
  DevsetReadError,
  EmptyDevsetError,
  ExampleDeadlineError,
  MetricResultError,
  NothingScoredError,
  RowsNotKeptError,
  TooManyErrorsError,
} from '../../core/errors/evaluate-errors';
export { progressBar } from '../report/progress-bar';
export type { Devset, DevsetRows } from './data/devset';
export { type JsonlSource, type ReadJsonlOptions, readJsonl } from './data/read-jsonl';
export { Evaluate } from './evaluate';
export type { EvaluateOptions } from './evaluate-options';
export { EvaluationResult } from './evaluation-result';
export type { InputRow, Program } from './program';
export type { ProgressSink, ProgressState } from './progress-sink';
export type { RowResult } from './row-result';
export {
  bootstrapMean,
  type Interval,
  mean,
  type PairedDifference,
  type PairedOptions,
  pairedDifference,
  wilson,
} from './statistics';
