import { DspexError, type DspexErrorOptions } from './dspex-error';

const SHOWN_CHARACTERS = 2000;

export interface AdapterParseErrorDetails extends DspexErrorOptions {
  readonly adapter: string;
  /** The signature as `a, b -> c`. */
  readonly signature: string;
  /** The model's text; kept whole here, shown bounded in the message. */
  readonly completion: string;
  /** What was wrong, in words an LM can act on too. */
  readonly problem: string;
  /** Fields that were parsed before the failure. */
  readonly parsed?: Readonly<Record<string, unknown>>;
  /** The field at fault, when one is. */
  readonly field?: string;
  /** The output fields that the answer does not hold, where that can be said. */
  readonly missing?: readonly string[];
  /** True when the model was cut off at `maxTokens`. */
  readonly truncated?: boolean;
}

/** The model's answer does not have the shape that the adapter asked for (DSPy: `AdapterParseError`). */
export class AdapterParseError extends DspexError {
  readonly code = 'ADAPTER_PARSE';
  readonly details: AdapterParseErrorDetails;

  constructor(details: AdapterParseErrorDetails) {
    const { adapter, signature, completion, problem } = details;
    const shown =
      completion.length > SHOWN_CHARACTERS
        ? `${completion.slice(0, SHOWN_CHARACTERS)}… (${completion.length} characters)`
        : completion;
    super(`${adapter} could not parse the answer for '${signature}': ${problem}\nThe answer was: ${shown}`, details);
    this.details = details;
  }
}

/** The same failure, of an answer that was cut off: says which fields are missing and what to do about it. */
export function truncatedAnswer(error: AdapterParseError, missing: readonly string[]): AdapterParseError {
  const { problem } = error.details;
  const lost = missing.length === 0 ? '' : ` before ${missing.join(', ')} was complete`;
  return new AdapterParseError({
    ...error.details,
    problem: `it is truncated: the model was cut off at maxTokens${lost}; raise maxTokens. (${problem})`,
    missing,
    truncated: true,
    cause: error,
  });
}

/** A class that contains itself is to be told in BAML's notation, which has no way to refer to a class. */
export class RecursiveOutlineError extends DspexError {
  readonly code = 'RECURSIVE_OUTLINE';

  constructor(model: string) {
    super(
      `BAMLAdapter cannot tell the class ${model}, because it contains itself. Use the JSONAdapter, the ChatAdapter or ` +
        'the XMLAdapter for this signature.',
    );
  }
}

/** A signature asks for tool calls and gives the adapter no tools to offer. */
export class MissingToolsError extends DspexError {
  readonly code = 'MISSING_TOOLS';

  constructor(signature: string, field: string) {
    super(
      `'${signature}' has the output '${field}' of type ToolCalls and no input of type Tool, so native function calling has ` +
        'nothing to offer. Add an input with items: Tool, or switch useNativeFunctionCalling off.',
    );
  }
}

/** The layout of an adapter cannot be used to train a model. */
export class FinetuneFormatError extends DspexError {
  readonly code = 'FINETUNE_FORMAT';

  constructor(adapter: string) {
    super(`${adapter} has no form for fine-tuning data; use the ChatAdapter.`);
  }
}

/** A piece of an answer that has already ended. */
export class AnswerEndedError extends DspexError {
  readonly code = 'ANSWER_ENDED';

  constructor(adapter: string) {
    super(`The answer read by ${adapter} has ended: make a new PartialAnswer for the next one.`);
  }
}
