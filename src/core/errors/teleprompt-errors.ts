import { DspexError, type DspexErrorOptions } from './dspex-error';

/** An optimizer that learns from rows got none. */
export class EmptyTrainsetError extends DspexError {
  readonly code = 'EMPTY_TRAINSET';

  constructor(optimizer: string) {
    super(
      `${optimizer}: the trainset is empty, so there is nothing to learn from. ` +
        "Give rows with marked inputs: trainset: [example({ question, answer }).withInputs('question')].",
    );
  }
}

/** The student was optimized before and is frozen. */
export class StudentCompiledError extends DspexError {
  readonly code = 'STUDENT_COMPILED';

  constructor(optimizer: string, student: string) {
    super(
      `${optimizer}: the student ${student} is compiled already, and compiled programs are left as they are. ` +
        'Give the program as it was written, or open a copy: program.clone().markCompiled(false).',
    );
  }
}

/** Student and teacher do not have the same predictors, so the teacher's steps cannot become the student's demos. */
export class PredictorMismatchError extends DspexError {
  readonly code = 'PREDICTOR_MISMATCH';

  constructor(optimizer: string, problem: string) {
    super(
      `${optimizer}: student and teacher must have the same predictors, but ${problem}. ` +
        'Use a teacher of the same class; it may differ in demos and LMs only.',
    );
  }
}

/** Not one row could be tried to its end: program or metric threw on every one. */
export class AllExamplesFailedError extends DspexError {
  readonly code = 'ALL_EXAMPLES_FAILED';

  constructor(optimizer: string, rows: number, stage: 'program' | 'metric', options: DspexErrorOptions = {}) {
    const cause = options.cause instanceof Error ? `${options.cause.name}: ${options.cause.message}` : options.cause;
    super(
      `${optimizer}: the ${stage} failed on every one of the ${rows} rows tried, so nothing was learned. ` +
        `The first failure: ${String(cause)}`,
      options,
    );
  }
}

/** `restrict` names no candidate that the search would try. */
export class NoCandidateSeedError extends DspexError {
  readonly code = 'NO_CANDIDATE_SEED';

  constructor(optimizer: string, restrict: readonly number[], first: number, last: number) {
    super(
      `${optimizer}: restrict [${restrict.join(', ')}] names no candidate. ` +
        `The candidates are the whole numbers from ${first} to ${last}; -3 is the unoptimized program.`,
    );
  }
}

/** No candidate of a search could be scored. The first failure is the `cause`. */
export class NoCandidateScoredError extends DspexError {
  readonly code = 'NO_CANDIDATE_SCORED';

  constructor(optimizer: string, candidates: number, options: DspexErrorOptions = {}) {
    const cause = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(`${optimizer}: none of the ${candidates} candidates could be scored. The first failure: ${cause}`, options);
  }
}

/** The language model stayed out of reach, so the run stopped rather than rank programs by an outage. */
export class RunOutageError extends DspexError {
  readonly code = 'RUN_OUTAGE';

  constructor(owner: string, options: DspexErrorOptions = {}) {
    const cause = options.cause instanceof Error ? options.cause.message : String(options.cause);
    super(
      `${owner} stopped, because the language model stayed out of reach: ${cause} ` +
        'Nothing was decided by the outage. Start again when the model answers; a cache makes the calls that were done free.',
      options,
    );
  }
}

/** `cancel()` was called on a run. */
export class RunCancelledError extends DspexError {
  readonly code = 'RUN_CANCELLED';

  constructor(owner: string, options: DspexErrorOptions = {}) {
    super(`The run of ${owner} was cancelled.`, options);
  }
}
