import { DspexError, type DspexErrorOptions } from './dspex-error';

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

/** A line of a JSONL text is no row of data, or the text cannot be read at all. */
export class JsonlError extends DspexError {
  readonly code = 'JSONL';
  /** Path of the file; `undefined` for text from elsewhere. */
  readonly path: string | undefined;
  /** Number of the line, from 1; `undefined` when the text as a whole could not be read. */
  readonly line: number | undefined;

  constructor(
    problem: string,
    where: { readonly path: string | undefined; readonly line?: number },
    options: DspexErrorOptions = {},
  ) {
    const { path, line } = where;
    super(`readJsonl: ${[path, line && `line ${line}`].filter(Boolean).join(', ') || 'the text'} ${problem}.`, options);
    this.path = path;
    this.line = line;
  }
}
