import { BootstrapFewShot } from '../../../src/compile/teleprompt/bootstrap-few-shot';
import type { ChooseStep } from '../../../src/compile/teleprompt/choose-step';
import { DspexError } from '../../../src/core/errors/dspex-error';
import { example } from '../../../src/core/primitives/example';
import type { LMRequest } from '../../../src/core/primitives/lm-request';
import type { Metric } from '../../../src/core/primitives/metric';
import type { Outcome, Suite, Vector } from '../suite';
import {
  compareParts,
  differsAfterFailure,
  inRecordedSettings,
  optionNames,
  programFacts,
  recordedLM,
  recordedRequests,
  recordedRows,
} from '../worlds/optimizer-vector';
import { type SentRequest, WorldLM } from '../worlds/world-lm';
import { worldMetric } from '../worlds/world-metrics';
import { type WorldProgram, worldProgram } from '../worlds/world-program';

/** Ways of the reference that we mended; a replay can follow them to show that nothing else differs. */
export interface ReferenceWays {
  /** A metric's record is true whatever its score (D50), and so is a negative score (D58). */
  readonly recordsAreTrue?: boolean;
  /** A threshold of 0 is none (D6). */
  readonly noZeroThreshold?: boolean;
  /** A pinned LM is forgotten with labeled demos, and hears of no later round without (D51). */
  readonly pinnedLMIsLost?: boolean;
  /** A demo that is a plain record never equals an example (D53). */
  readonly recordsNeverEqual?: boolean;
}

export const BOOTSTRAP_OPTIONS: Record<string, string> = {
  max_bootstrapped_demos: 'maxBootstrappedDemos',
  max_labeled_demos: 'maxLabeledDemos',
  max_rounds: 'maxRounds',
  max_errors: 'maxErrors',
  metric_threshold: 'metricThreshold',
};

/** Bootstrapped demonstrations: every request of the teacher, the demos and their order. */
export const bootstrapFewShotSuite: Suite = {
  file: 'optimizers/bootstrap_few_shot.jsonl',
  covers: () => true,
  replay: (vector) => explainedReplay(vector, replay),
};

/** Replays a vector with these ways of the reference, noting what is sent. */
export type ReplayIn = (vector: Vector, ways: ReferenceWays, requests?: SentRequest[]) => Promise<Outcome>;

/** Replays a vector our way; a difference is excused when the reference's way of one deviation makes it equal. */
export async function explainedReplay(vector: Vector, replayIn: ReplayIn): Promise<Outcome> {
  const outcome = await replayIn(vector, {});
  if (outcome.kind !== 'different') return outcome;
  for (const [id, ways] of explanations(vector)) {
    const explained = await replayIn(vector, ways);
    if (explained.kind === 'equal') return { kind: 'deviation', id };
  }
  const requests: SentRequest[] = [];
  await replayIn(vector, {}, requests);
  return differsAfterFailure(vector, requests) ? { kind: 'deviation', id: 'D52' } : outcome;
}

/** Deviations that a vector may show, each with the reference's way that must make it equal. */
function explanations({ input }: Vector): [string, ReferenceWays][] {
  const found: [string, ReferenceWays][] = [];
  if (input.metric === 'pred') found.push(['D50', { recordsAreTrue: true }]);
  if (input.options.metric_threshold === 0) found.push(['D6', { noZeroThreshold: true }]);
  if (input.options.pinned_lm !== undefined) found.push(['D51', { pinnedLMIsLost: true }]);
  if (/^plain/.test(input.options.teacher?.demos_are ?? '')) found.push(['D53', { recordsNeverEqual: true }]);
  return found;
}

async function replay(vector: Vector, ways: ReferenceWays, requests: SentRequest[] = []): Promise<Outcome> {
  const { input, expect } = vector;
  const metricLog: unknown[] = [];
  const { teacher: described, teacher_settings, pinned_lm, student_compiled, compile: _, ...options } = input.options;
  const student = worldProgram(input.program).markCompiled(student_compiled === true);
  if (pinned_lm !== undefined) pin(student, vector, ways, requests);
  const before = programFacts(student);
  const events: unknown[] = [];
  try {
    const program = await inRecordedSettings(vector, requests, async () => {
      const run = new BootstrapFewShot({
        ...bootstrapOptions(options, ways),
        ...metricOption(input.metric, metricLog, ways),
        ...teacherSettings(vector, teacher_settings, requests),
        chooseStep: recordedChoices(expect.multi_trace_choices ?? []),
      }).start(student, {
        trainset: recordedRows(vector, input.trainset),
        ...(described === undefined ? {} : { teacher: teacherOf(described, ways) }),
      });
      const compiled = await run.result;
      for await (const event of run.events) if (event.kind === 'bootstrap' && 'error' in event) events.push(event);
      return compiled;
    });
    if (expect.error !== undefined) return { kind: 'different', expected: expect.error, actual: programFacts(program) };
    const facts = { ...programFacts(program), compiled: program.compiled, student: programFacts(student) };
    return compareParts(
      {
        requests: recordedRequests(vector),
        metric_log: vector['metric_log'],
        instructions: expect.instructions,
        demos: expect.demos,
        compiled: expect.compiled,
        student: before,
        errors: expect.error_count,
      },
      { ...facts, requests, metric_log: metricLog, errors: events.length },
    );
  } catch (error) {
    if (expect.error === undefined || !(error instanceof DspexError)) throw error;
    return compareParts({ requests: recordedRequests(vector) }, { requests });
  }
}

/** The options of a bootstrap, in our spelling. */
export function bootstrapOptions(options: Record<string, unknown>, ways: ReferenceWays): Record<string, unknown> {
  const ours = optionNames(options, BOOTSTRAP_OPTIONS);
  if (ways.noZeroThreshold === true && ours['metricThreshold'] === 0) delete ours['metricThreshold'];
  return ours;
}

export function metricOption(name: string | null, log: unknown[], ways: ReferenceWays) {
  const metric = worldMetric(name, log);
  if (metric === undefined) return {};
  const truthy: Metric<object, object> = (gold, predicted, context) => {
    const result = metric(gold, predicted, context);
    return context?.trace !== undefined && typeof result === 'object' ? 1 : result;
  };
  return { metric: ways.recordsAreTrue === true ? truthy : (metric as Metric<object, object>) };
}

export function teacherSettings(vector: Vector, settings: Record<string, unknown> | undefined, log: SentRequest[]) {
  if (settings === undefined) return {};
  const lm = settings['lm'] as { world: string; name: string };
  return { teacherSettings: { lm: recordedLM(vector, lm, log) } };
}

interface DescribedTeacher {
  readonly program: string;
  readonly compiled?: boolean;
  readonly demos?: readonly Record<string, unknown>[];
  readonly demos_are?: string;
}

export function teacherOf(described: DescribedTeacher, ways: ReferenceWays): WorldProgram {
  const teacher = worldProgram(described.program);
  const plain = /^plain/.test(described.demos_are ?? '');
  for (const predictor of teacher.predictors()) {
    const demos = described.demos ?? [];
    // A field that no prompt shows keeps a record from equalling an example.
    if (plain)
      predictor.demos = demos.map((demo) => (ways.recordsNeverEqual === true ? { ...demo, record: true } : demo));
    else predictor.demos = demos.map((demo) => example(demo));
  }
  return teacher.markCompiled(described.compiled === true);
}

function recordedChoices(choices: readonly { readonly chosen: number }[]): ChooseStep {
  let next = 0;
  return () => choices[next++]?.chosen ?? 0;
}

/** Pins the LM a vector names on every predictor, or what the reference makes of it. */
function pin(student: WorldProgram, vector: Vector, ways: ReferenceWays, log: SentRequest[]): void {
  const world = vector.input.options.pinned_lm;
  const labeled = (vector.input.options.max_labeled_demos ?? 16) > 0;
  if (ways.pinnedLMIsLost === true && labeled) return;
  const name = Object.keys((vector['lm_worlds'] ?? {}) as object).find((each) => each !== 'task') ?? 'pinned';
  const lm = typeof world === 'string' ? new WorldLM(name, world, log) : recordedLM(vector, world, log);
  if (ways.pinnedLMIsLost === true) lm.createRequest = deaf(lm);
  student.setLM(lm);
}

/** An LM that is asked the same whatever the round. */
function deaf(lm: WorldLM): WorldLM['createRequest'] {
  return (messages, { temperature: _, ...options } = {}): LMRequest => ({
    endpoint: lm.endpoint,
    model: lm.model,
    messages,
    options: { ...lm.defaults, ...options },
  });
}
