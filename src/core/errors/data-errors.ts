import { DspexError } from './dspex-error';

/** A row of data does not say, or says wrongly, which of its fields are inputs. */
export class ExampleInputsError extends DspexError {
  readonly code = 'EXAMPLE_INPUTS';

  constructor(problem: string, fields: readonly string[]) {
    super(
      `The example with the fields '${fields.join("', '")}' ${problem}. ` +
        `Mark its inputs: example({ ... }).withInputs('${fields[0] ?? 'question'}').`,
    );
  }
}
