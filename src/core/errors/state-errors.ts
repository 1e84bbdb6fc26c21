import { DspexError, type DspexErrorOptions } from './dspex-error';

/** A module cannot be copied structurally, because its class has `#private` fields. */
export class PrivateFieldsError extends DspexError {
  readonly code = 'PRIVATE_FIELDS';

  constructor(module: string) {
    super(
      `${module} has #private fields, which a copy made without its constructor would lack. Make them ordinary attributes ` +
        `(TypeScript's 'private x'), or give the class a method recreate() that returns a new ${module} built from the same arguments.`,
    );
  }
}

/** The predictors of a program have several LMs, so there is no single one to return. */
export class SeveralLMsError extends DspexError {
  readonly code = 'SEVERAL_LMS';

  constructor(models: readonly string[]) {
    super(
      `The predictors of this program have several LMs: ${models.join(', ')}. ` +
        'Read predictor.lm of each of program.predictors() instead.',
    );
  }
}

/** A saved program cannot be read: no file, no JSON, or not the layout of a saved program. */
export class StateFileError extends DspexError {
  readonly code = 'STATE_FILE';

  constructor(path: string, problem: string, options: DspexErrorOptions = {}) {
    super(`The saved program ${path} ${problem}`, options);
  }
}

/** A saved state is not the state of this program. Nothing was changed. */
export class StateMismatchError extends DspexError {
  readonly code = 'STATE_MISMATCH';
  /** One sentence for each difference, each with the path of its predictor. */
  readonly problems: readonly string[];

  constructor(program: string, problems: readonly string[]) {
    super(
      `This state does not fit ${program}, which is unchanged: ${problems.join('; ')}. ` +
        'Load it into the program it was saved from, or compile this program again.',
    );
    this.problems = problems;
  }
}

/** A program holds a value that a saved program cannot hold. */
export class UnsavableValueError extends DspexError {
  readonly code = 'UNSAVABLE_VALUE';

  constructor(where: string, problem: string) {
    super(`${where} ${problem}. Saved programs hold JSON: put text, numbers, lists and plain objects into demos.`);
  }
}
