import type { FieldProblem } from '../signatures/signature-spec';
import { DspexError, type DspexErrorOptions } from './dspex-error';

/** A required input was not given. DSPy only warns; see `docs/deviations.md`. */
export class MissingInputError extends DspexError {
  readonly code = 'MISSING_INPUT';

  constructor(signature: string, missing: readonly string[], given: readonly string[]) {
    super(
      `The call of '${signature}' misses the input '${missing.join("', '")}' (given: ${list(given)}). ` +
        'Give every input that has no default and is not optional.',
    );
  }
}

/** An input was given that the signature does not have. DSPy only warns; see `docs/deviations.md`. */
export class UnknownInputError extends DspexError {
  readonly code = 'UNKNOWN_INPUT';

  constructor(signature: string, unknown: readonly string[], fields: readonly string[]) {
    super(
      `'${signature}' has no input '${unknown.join("', '")}'. Its inputs are: ${list(fields)}. ` +
        'Options of the call go into the second argument: call(inputs, { config, lm, signal }).',
    );
  }
}

/** A predictor or program was called with something else than one object of inputs. */
export class InvalidInputsError extends DspexError {
  readonly code = 'INVALID_INPUTS';

  constructor(owner: string, given: unknown) {
    const shown = given === null ? 'null' : Array.isArray(given) ? 'an array' : `a ${typeof given}`;
    super(`${owner} takes its inputs as one object, for example call({ question: '...' }); it was given ${shown}.`);
  }
}

/** The answer could be read but breaks the constraints of its signature, and the corrective calls did not help. */
export class OutputValidationError extends DspexError {
  readonly code = 'OUTPUT_VALIDATION';
  readonly problems: readonly FieldProblem[];
  /** The outputs as they were answered. */
  readonly outputs: Readonly<Record<string, unknown>>;

  constructor(
    signature: string,
    problems: readonly FieldProblem[],
    outputs: Readonly<Record<string, unknown>>,
    options: DspexErrorOptions = {},
  ) {
    const told = problems.map((problem) => `${problem.field}: ${problem.message}`).join('; ');
    super(
      `The answer for '${signature}' breaks its constraints: ${told}. Loosen the constraint, say it in the field's desc, or raise maxRepairs.`,
      options,
    );
    this.problems = problems;
    this.outputs = outputs;
  }
}

/** A call took longer than its `deadlineMs`. It counts against the program, not as an outage. */
export class CallDeadlineError extends DspexError {
  readonly code = 'CALL_DEADLINE';

  constructor(owner: string, deadlineMs: number) {
    super(
      `${owner} did not finish within ${deadlineMs} ms. Raise deadlineMs of the call, or make the program do less.`,
    );
  }
}

/** What a call started was still running when the call was left; it is aborted, because nobody waits for it. */
export class CallEndedError extends DspexError {
  readonly code = 'CALL_ENDED';

  constructor(owner: string) {
    super(`${owner} was left before this work ended. Await what you start, or start it outside of the call.`);
  }
}

function list(names: readonly string[]): string {
  return names.length === 0 ? 'none' : names.join(', ');
}

/** A scripted LM was asked more often than it has answers. No outage, and never retried. */
export class NoMoreAnswersError extends DspexError {
  readonly code = 'NO_MORE_ANSWERS';

  constructor(answers: string, prompt: string) {
    super(
      `The scripted LM has ${answers} for this prompt. Give it more answers, or a function. The prompt ends: ${prompt}`,
    );
  }
}
