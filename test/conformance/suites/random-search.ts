import { BootstrapFewShotWithRandomSearch } from '../../../src/compile/teleprompt/bootstrap-random-search';
import { DspexError } from '../../../src/core/errors/dspex-error';
import type { Metric } from '../../../src/core/primitives/metric';
import { sameValue } from '../same-value';
import type { Outcome, Suite, Vector } from '../suite';
import {
  compareParts,
  inRecordedSettings,
  optionNames,
  programFacts,
  recordedRequests,
  recordedRows,
} from '../worlds/optimizer-vector';
import type { SentRequest } from '../worlds/world-lm';
import { worldProgram } from '../worlds/world-program';
import {
  BOOTSTRAP_OPTIONS,
  explainedReplay,
  metricOption,
  type ReferenceWays,
  teacherOf,
  teacherSettings,
} from './bootstrap-few-shot';

const OPTIONS: Record<string, string> = {
  ...BOOTSTRAP_OPTIONS,
  num_candidate_programs: 'numCandidatePrograms',
  stop_at_score: 'stopAtScore',
  restrict: 'restrict',
  labeled_sample: 'labeledSample',
};

/** Random search over bootstrapped programs: requests, scores, the order of the candidates. */
export const randomSearchSuite: Suite = {
  file: 'optimizers/random_search.jsonl',
  covers: () => true,
  replay: (vector) => explainedReplay(vector, replay),
};

async function replay(vector: Vector, ways: ReferenceWays, requests: SentRequest[] = []): Promise<Outcome> {
  const { input, expect } = vector;
  const metricLog: unknown[] = [];
  const { compile: given = {}, teacher: described, teacher_settings, num_threads: _, ...options } = input.options;
  const { teacher: compiledWith = described, ...compileOptions } = given;
  const student = worldProgram(input.program);
  const before = programFacts(student);
  const optimize = async () =>
    new BootstrapFewShotWithRandomSearch({
      ...optionNames({ ...options, ...compileOptions }, OPTIONS),
      ...teacherSettings(vector, teacher_settings, requests),
      ...(metricOption(input.metric, metricLog, ways) as { metric: Metric<object, object> }),
    }).compile(student, {
      trainset: recordedRows(vector, input.trainset),
      ...(compiledWith === undefined || compiledWith === null ? {} : { teacher: teacherOf(compiledWith, ways) }),
      ...(input.valset === undefined || input.valset === null ? {} : { valset: recordedRows(vector, input.valset) }),
    });
  const recorded = recordedRequests(vector);
  let program: Awaited<ReturnType<typeof optimize>>;
  try {
    program = await inRecordedSettings(vector, requests, optimize);
  } catch (error) {
    if (expect.error === undefined || !(error instanceof DspexError)) throw error;
    return compareParts({ requests: recorded }, { requests: requests.slice(0, recorded.length) });
  }
  if (expect.error !== undefined) {
    // The reference gave up where we only lose a candidate: up to there both asked the same.
    const lost = program.candidates.some((candidate) => candidate.error !== undefined);
    const same = compareParts({ requests: recorded }, { requests: requests.slice(0, recorded.length) });
    return lost && same.kind === 'equal'
      ? { kind: 'deviation', id: 'D54' }
      : different(expect.error, program.candidates);
  }
  const candidates = program.candidates.map(({ seed, score, subscores, program: tried }) => ({
    seed,
    score,
    subscores,
    demos: programFacts(tried).demos,
  }));
  const twice = unoptimizedTwice(vector, recorded);
  const parts = compareParts(
    {
      requests: twice ?? recorded,
      instructions: expect.instructions,
      demos: expect.demos,
      compiled: expect.compiled,
      student: before,
      candidates: expect.candidates.map(asNumbers),
    },
    { ...programFacts(program), requests, candidates, compiled: program.compiled, student: programFacts(student) },
  );
  return parts.kind === 'equal' && twice !== undefined ? { kind: 'deviation', id: 'D55' } : parts;
}

function different(expected: unknown, actual: unknown): Outcome {
  return { kind: 'different', expected, actual };
}

/** Without labels the reference scores the unoptimized program twice; the requests without the second time. */
function unoptimizedTwice({ input }: Vector, recorded: readonly SentRequest[]): SentRequest[] | undefined {
  if (input.options.max_labeled_demos !== 0) return undefined;
  for (let length = 1; length <= recorded.length / 2; length++) {
    if (!sameValue(recorded.slice(0, length), recorded.slice(length, 2 * length))) continue;
    return [...recorded.slice(0, length), ...recorded.slice(2 * length)];
  }
  return undefined;
}

/** Booleans and records of a score are numbers here. */
function asNumbers(candidate: { readonly subscores: readonly unknown[] }) {
  const number = (score: unknown) => Number(typeof score === 'object' ? (score as { score: number }).score : score);
  return { ...candidate, subscores: candidate.subscores.map(number) };
}
