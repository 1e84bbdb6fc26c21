import { AdapterParseError, truncatedAnswer } from '../../core/errors/adapter-errors';
import { OutputValidationError } from '../../core/errors/call-errors';
import { LMError } from '../../core/errors/lm-errors';
import type { Adapter, AskFollowUp, FollowUp } from '../../core/ports/adapter';
import type { LM } from '../../core/ports/lm';
import type { LMOptions, LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { lostUsage } from '../../core/primitives/lost-usage';
import { addUsage, NO_USAGE, type Usage } from '../../core/primitives/usage';
import { ambientScope } from '../../core/settings/ambient-scope';
import { inSpan, isTold } from '../../core/settings/in-span';
import type { AnswerWatcher } from '../../core/settings/watcher';
import { countUsage } from '../../core/settings/with-trace';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { FieldProblem, SignatureSpec } from '../../core/signatures/signature-spec';
import { finishedMessage } from '../../lm/adapters/marked-parts';
import { repairMessages } from '../../lm/adapters/repair-messages';
import type { PredictConfig } from './call-options';
import { recordHistory } from './history';

export interface Question {
  readonly spec: SignatureSpec;
  readonly demos: readonly FieldValues[];
  readonly inputs: FieldValues;
  readonly lm: LM;
  readonly adapter: Adapter;
  /** Options of predictor and call; the LM's defaults are under them. */
  readonly config: PredictConfig;
  readonly maxRepairs: number;
  /** Who is told the answer while it comes. */
  readonly follower?: AnswerWatcher | undefined;
}

export interface Answer {
  /** Parsed, one record each; at least one. */
  readonly completions: readonly FieldValues[];
  /** The last response, which the completions were read from. */
  readonly response: LMResponse;
  /** Of all requests together. */
  readonly usage: Usage;
}

/**
 * Asks until the answer can be read and keeps its constraints: once with the adapter, once more with its fallback when
 * it could not be read (DSPy's behaviour), then up to `maxRepairs` times with the answer and what was wrong with it.
 */
export async function answer(question: Question): Promise<Answer> {
  const { spec, lm, config, follower } = question;
  const sampled = sampling(lm, config);
  let usage = NO_USAGE;
  let { adapter } = question;
  let prepared = await preparedCall(question, adapter, sampled);
  let { messages } = prepared;
  let fellBack = false;
  const askFollowUp: AskFollowUp = async (followUp) => {
    const answered = await answerFollowUp(followUp);
    usage = addUsage(usage, answered.usage);
    return answered.completions[0] ?? {};
  };

  for (let repairs = 0; ; ) {
    const { call } = prepared;
    follower?.asking(adapter, call.spec);
    const response = await ask(lm, lm.createRequest(messages, call.options, config.rolloutId), follower);
    usage = addUsage(usage, response.usage);
    await follower?.answered(response);
    const wanted = { spec, asked: call.spec, ask: askFollowUp };
    const read = isTold('parse')
      ? await toldReading(adapter, wanted, response)
      : await readCompletions(adapter, wanted, response);
    if ('completions' in read) return { completions: read.completions, response, usage };

    const { error } = read;
    if (error instanceof AdapterParseError && !fellBack && adapter.fallback !== undefined) {
      fellBack = true;
      await follower?.restarting('fallback', read.problem);
      adapter = adapter.fallback;
      prepared = await preparedCall(question, adapter, sampled);
      messages = prepared.messages;
      continue;
    }
    // A longer prompt under the same limit would be cut off again.
    const cutOff = error instanceof AdapterParseError && error.details.truncated === true;
    if (cutOff || repairs >= question.maxRepairs) throw error;
    repairs += 1;
    await follower?.restarting('repair', read.problem);
    // Only the latest failure is shown: older ones would be paid for again and teach nothing more.
    messages = [...prepared.messages, ...repairMessages(call.spec, adapter, read.text, read.problem)];
  }
}

/** What goes to the model: the text, and the options with what the model does by itself. */
function prepare({ spec, demos, inputs, lm }: Question, adapter: Adapter, sampled: LMOptions) {
  const options = { ...sampled, ...adapter.requestOptions(spec, lm.capabilities) };
  const call = adapter.preprocess({ spec, inputs, options }, lm);
  return { call, messages: adapter.format(call.spec, demos, call.inputs).map(finishedMessage) };
}

function preparedCall(question: Question, adapter: Adapter, sampled: LMOptions) {
  if (!isTold('format')) return prepare(question, adapter, sampled);
  return inSpan(
    'format',
    () => ({ name: adapter.name, signature: question.spec.signature, demos: question.demos.length }),
    () => prepare(question, adapter, sampled),
    ({ messages }) => ({ messages: messages.length }),
  );
}

/** What an adapter asks on its own while it reads an answer; it is not repaired, the answer it is about is. */
export function answerFollowUp(followUp: FollowUp): Promise<Answer> {
  return answer({ ...followUp, demos: [], config: {}, maxRepairs: 0 });
}

/** One temperature for all: several samples at temperature 0 would be the same sample. */
function sampling(lm: LM, { rolloutId: _, ...options }: PredictConfig): LMOptions {
  const { temperature, n = 1 } = { ...lm.defaults, ...options };
  // It samples anyway, at a temperature of its own.
  if (lm.capabilities.temperature === false) return options;
  return n > 1 && (temperature === undefined || temperature <= 0.15) ? { ...options, temperature: 0.7 } : options;
}

async function ask(lm: LM, request: LMRequest, follower: AnswerWatcher | undefined): Promise<LMResponse> {
  const scope = ambientScope(follower === undefined ? {} : { onDelta: follower.onDelta });
  try {
    const response = await inSpan(
      'lm',
      () => ({ model: lm.model, endpoint: lm.endpoint }),
      () => lm.generate(request, scope),
      ({ usage, cached, attempts }) => ({ usage, cached, attempts }),
    );
    countUsage(response.usage, lm);
    recordHistory(request, response);
    return response;
  } catch (error) {
    // What was sent in vain may have been paid for.
    const lost = error instanceof LMError ? lostUsage(error, lm.price) : undefined;
    if (lost !== undefined) countUsage(lost, lm);
    throw error;
  }
}

type Reading =
  | { readonly completions: readonly FieldValues[] }
  | { readonly error: AdapterParseError | OutputValidationError; readonly text: string; readonly problem: string };

/** The signature as declared, and what was left of it for the text. */
interface Wanted {
  readonly spec: SignatureSpec;
  readonly asked: SignatureSpec;
  readonly ask: AskFollowUp;
}

function toldReading(adapter: Adapter, wanted: Wanted, response: LMResponse): Promise<Reading> {
  return inSpan(
    'parse',
    () => ({ name: adapter.name, signature: wanted.spec.signature, completions: response.completions.length }),
    () => readCompletions(adapter, wanted, response),
    // What was wrong may quote the answer, so only its kind is told.
    (read) => ({ outcome: 'completions' in read ? 'read' : read.error.code }),
  );
}

/** Every completion read and checked, or the first thing that is wrong with one of them. */
async function readCompletions(adapter: Adapter, { spec, asked, ask }: Wanted, response: LMResponse): Promise<Reading> {
  const completions: FieldValues[] = [];
  for (const completion of response.completions) {
    const { text } = completion;
    try {
      const outputs = await adapter.postprocess(spec, asked, completion, ask);
      const problems = spec.check?.(outputs) ?? [];
      if (problems.length > 0) {
        const error = new OutputValidationError(spec.signature, problems, outputs);
        return { error, text, problem: inWords(problems) };
      }
      completions.push(outputs);
    } catch (error) {
      if (!(error instanceof AdapterParseError)) throw error;
      const told = completion.finishReason === 'length' ? truncatedAnswer(error, missingFields(asked, error)) : error;
      return { error: told, text, problem: told.details.problem };
    }
  }
  return { completions };
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
