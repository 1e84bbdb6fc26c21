export {
  AllExamplesFailedError,
  EmptyTrainsetError,
  NoCandidateScoredError,
  NoCandidateSeedError,
  PredictorMismatchError,
  RunCancelledError,
  RunOutageError,
  StudentCompiledError,
} from '../../core/errors/teleprompt-errors';
export { PythonRandom } from '../../core/util/python-random';
export { followRun, runText } from '../report/follow-run';
export { Run, type RunControl } from '../runs/run';
export type { BestSoFar, RunEvent, RunEventBody, RunStatus } from '../runs/run-events';
export { BootstrapFewShot, type BootstrapFewShotOptions } from './bootstrap-few-shot';
export type { BootstrapOptions } from './bootstrap-options';
export {
  BootstrapFewShotWithRandomSearch,
  type BootstrapRandomSearchOptions,
  BootstrapRS,
} from './bootstrap-random-search';
export type { Candidate, Chosen } from './candidate';
export { type ChooseStep, chooseStepByContent } from './choose-step';
export { LabeledFewShot, type LabeledFewShotOptions } from './labeled-few-shot';
export { type CompileData, type Student, type StudentInputs, Teleprompter } from './teleprompter';
