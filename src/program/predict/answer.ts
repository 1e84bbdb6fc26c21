import { AdapterParseError } from '../../core/errors/adapter-errors';
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
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { finishedMessages } from '../../lm/adapters/marked-parts';
import { repairMessages } from '../../lm/adapters/repair-messages';
import type { PredictConfig } from './call-options';
import { recordHistory } from './history';
import { type Reading, readCompletions, type Wanted } from './read-answer';

const NO_DEMOS: readonly FieldValues[] = Object.freeze([]);

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
 * it could not be read (DSPy's behaviour), then up to `maxRepairs` times with the answer and what was wrong with it. Gives what
 * `finish` makes of the answer: the one asynchronous function of a call, because each costs memory for as long as a model thinks.
 */
export async function answer<R>(question: Question, finish: (answer: Answer) => R | Promise<R>): Promise<R> {
  const { spec, lm, config, follower } = question;
  const sampled = sampling(lm, config);
  let usage = NO_USAGE;
  let { adapter } = question;
  let prepared = isTold('format')
    ? await toldPreparation(question, adapter, sampled)
    : prepare(question, adapter, sampled);
  let { messages } = prepared;
  let fellBack = false;

  for (let repairs = 0; ; ) {
    const { call } = prepared;
    follower?.asking(adapter, call.spec);
    const request = lm.createRequest(messages, call.options, config.rolloutId);
    let response: LMResponse;
    try {
      response = await sent(lm, request, follower);
      countUsage(response.usage, lm);
      recordHistory(request, response);
    } catch (error) {
      countLost(error, lm);
      throw error;
    }
    usage = addUsage(usage, response.usage);
    if (follower !== undefined) await follower.answered(response);
    const followUps = new FollowUps();
    const wanted = { spec, asked: call.spec, ask: followUps.ask };
    const reading = isTold('parse')
      ? toldReading(adapter, wanted, response)
      : readCompletions(adapter, wanted, response);
    const read = reading instanceof Promise ? await reading : reading;
    usage = addUsage(usage, followUps.usage);
    if ('completions' in read) return finish({ completions: read.completions, response, usage });

    const { error } = read;
    if (error instanceof AdapterParseError && !fellBack && adapter.fallback !== undefined) {
      fellBack = true;
      await follower?.restarting('fallback', read.problem);
      adapter = adapter.fallback;
      prepared = await toldPreparation(question, adapter, sampled);
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

/** The questions that an adapter asks while it reads one answer, and what they cost. */
class FollowUps {
  usage: Usage = NO_USAGE;

  readonly ask: AskFollowUp = async (followUp) => {
    const answered = await answerFollowUp(followUp);
    this.usage = addUsage(this.usage, answered.usage);
    return answered.completions[0] ?? {};
  };
}

/** What goes to the model: the text, and the options with what the model does by itself. */
function prepare({ spec, demos, inputs, lm }: Question, adapter: Adapter, sampled: LMOptions) {
  const options = { ...sampled, ...adapter.requestOptions(spec, lm.capabilities) };
  const call = adapter.preprocess({ spec, inputs, options }, lm);
  return { call, messages: finishedMessages(adapter.format(call.spec, demos, call.inputs)) };
}

function toldPreparation(question: Question, adapter: Adapter, sampled: LMOptions) {
  return inSpan(
    'format',
    () => ({ name: adapter.name, signature: question.spec.signature, demos: question.demos.length }),
    () => prepare(question, adapter, sampled),
    ({ messages }) => ({ messages: messages.length }),
  );
}

/** What an adapter asks on its own while it reads an answer; it is not repaired, the answer it is about is. */
export function answerFollowUp(followUp: FollowUp): Promise<Answer> {
  return answer({ ...followUp, demos: NO_DEMOS, config: {}, maxRepairs: 0 }, (answered) => answered);
}

/** One temperature for all: several samples at temperature 0 would be the same sample. */
function sampling(lm: LM, config: PredictConfig): LMOptions {
  const { rolloutId: _, ...options } = config;
  const { temperature, n = 1 } = { ...lm.defaults, ...options };
  // It samples anyway, at a temperature of its own.
  if (lm.capabilities.temperature === false) return options;
  return n > 1 && (temperature === undefined || temperature <= 0.15) ? { ...options, temperature: 0.7 } : options;
}

function sent(lm: LM, request: LMRequest, follower: AnswerWatcher | undefined): Promise<LMResponse> {
  const scope = ambientScope(follower === undefined ? undefined : { onDelta: follower.onDelta });
  if (!isTold('lm')) return lm.generate(request, scope);
  return inSpan(
    'lm',
    () => ({ model: lm.model, endpoint: lm.endpoint }),
    () => lm.generate(request, scope),
    ({ usage, cached, attempts }) => ({ usage, cached, attempts }),
  );
}

/** What was sent in vain may have been paid for. */
function countLost(error: unknown, lm: LM): void {
  const lost = error instanceof LMError ? lostUsage(error, lm.price) : undefined;
  if (lost !== undefined) countUsage(lost, lm);
}

function toldReading(adapter: Adapter, wanted: Wanted, response: LMResponse): Promise<Reading> {
  return inSpan<Reading>(
    'parse',
    () => ({ name: adapter.name, signature: wanted.spec.signature, completions: response.completions.length }),
    () => readCompletions(adapter, wanted, response),
    // What was wrong may quote the answer, so only its kind is told.
    (read) => ({ outcome: 'completions' in read ? 'read' : read.error.code }),
  );
}
