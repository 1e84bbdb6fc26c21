import { AdapterParseError, truncatedAnswer } from '../../core/errors/adapter-errors';
import { OutputValidationError } from '../../core/errors/call-errors';
import type { Adapter, AskFollowUp } from '../../core/ports/adapter';
import type { LMCompletion, LMResponse } from '../../core/primitives/lm-response';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { FieldProblem, SignatureSpec } from '../../core/signatures/signature-spec';

/** A completion that cannot be used, and why. */
export interface Misread {
  readonly error: AdapterParseError | OutputValidationError;
  readonly text: string;
  readonly problem: string;
}

/** The completions of an answer, or the first thing that is wrong with one of them. */
export type Reading = { readonly completions: readonly FieldValues[] } | Misread;

/** The signature as declared, and what was left of it for the text. */
export interface Wanted {
  readonly spec: SignatureSpec;
  readonly asked: SignatureSpec;
  readonly ask: AskFollowUp;
}

/** Every completion read and checked, or the first thing that is wrong with one of them. A promise only where the adapter gives one. */
export function readCompletions(adapter: Adapter, wanted: Wanted, response: LMResponse): Reading | Promise<Reading> {
  const completions: FieldValues[] = [];
  for (const [at, completion] of response.completions.entries()) {
    try {
      const given = adapter.postprocess(wanted.spec, wanted.asked, completion, wanted.ask);
      if (isThenable(given)) return readRest(adapter, wanted, response, completions, at, given);
      const misfit = misfitOf(wanted.spec, given, completion.text);
      if (misfit !== undefined) return misfit;
      completions.push(given);
    } catch (error) {
      return unreadable(wanted.asked, completion, error);
    }
  }
  return { completions };
}

/** The same from the completion at `first` on, which is being read. */
async function readRest(
  adapter: Adapter,
  wanted: Wanted,
  response: LMResponse,
  before: readonly FieldValues[],
  first: number,
  reading: PromiseLike<FieldValues>,
): Promise<Reading> {
  const completions = [...before];
  for (const [at, completion] of response.completions.entries()) {
    if (at < first) continue;
    try {
      const outputs = await (at === first
        ? reading
        : adapter.postprocess(wanted.spec, wanted.asked, completion, wanted.ask));
      const misfit = misfitOf(wanted.spec, outputs, completion.text);
      if (misfit !== undefined) return misfit;
      completions.push(outputs);
    } catch (error) {
      return unreadable(wanted.asked, completion, error);
    }
  }
  return { completions };
}

function isThenable(value: FieldValues | PromiseLike<FieldValues>): value is PromiseLike<FieldValues> {
  return typeof (value as { then?: unknown }).then === 'function';
}

/** What a constraint of the signature has against the outputs. */
function misfitOf(spec: SignatureSpec, outputs: FieldValues, text: string): Misread | undefined {
  const problems = spec.check?.(outputs) ?? [];
  if (problems.length === 0) return undefined;
  return { error: new OutputValidationError(spec.signature, problems, outputs), text, problem: inWords(problems) };
}

/** What is wrong with the text of a completion. Throws errors of any other kind. */
function unreadable(asked: SignatureSpec, completion: LMCompletion, error: unknown): Misread {
  if (!(error instanceof AdapterParseError)) throw error;
  const told = completion.finishReason === 'length' ? truncatedAnswer(error, missingFields(asked, error)) : error;
  return { error: told, text: completion.text, problem: told.details.problem };
}

/** By the adapter's own account; where it has none, whatever it had not read before it failed. */
function missingFields(asked: SignatureSpec, { details }: AdapterParseError): readonly string[] {
  if (details.missing !== undefined) return details.missing;
  const { parsed = {} } = details;
  return asked.outputs.flatMap(({ name }) => (Object.hasOwn(parsed, name) ? [] : [name]));
}

function inWords(problems: readonly FieldProblem[]): string {
  return problems.map(({ field, message }) => `${field}: ${message}`).join('\n');
}
