import { Example } from '../../../src/core/primitives/example';
import type { LMOptions } from '../../../src/core/primitives/lm-request';
import { context } from '../../../src/core/settings/context';
import type { Settings } from '../../../src/core/settings/settings';
import type { FieldValues } from '../../../src/core/signatures/field-spec';
import type { Module } from '../../../src/program/predict/module';
import { NotApplicable } from '../not-applicable';
import { sameValue } from '../same-value';
import type { Outcome, Vector } from '../suite';
import { type SentRequest, WorldLM } from './world-lm';

/** Settings of the recorded runs: one thing at a time, no corrective calls, the configured model. */
export function recordedSettings(vector: Vector, log: SentRequest[]): Settings {
  const world = vector['world'] as string;
  return { lm: new WorldLM('task', world, log, defaultsOf(vector)), concurrency: 1, maxRepairs: 0, maxErrors: 10 };
}

/** Another model of a vector: `{ world, name }`. */
export function recordedLM(vector: Vector, described: { world: string; name: string }, log: SentRequest[]): WorldLM {
  return new WorldLM(described.name, described.world, log, defaultsOf(vector));
}

function defaultsOf({ input }: Vector): LMOptions {
  const { temperature = 0, max_tokens: maxTokens = 1000 } = input.lm_defaults ?? {};
  return { temperature, maxTokens };
}

/** Runs `fn` in the recorded settings. */
export function inRecordedSettings<R>(vector: Vector, log: SentRequest[], fn: () => Promise<R>): Promise<R> {
  return context(recordedSettings(vector, log), fn);
}

/** A row whose fields nobody knows at compile time. */
export type RecordedRow = FieldValues & { readonly $inputs: FieldValues };

/** Rows of a vector with their inputs marked. */
export function recordedRows(vector: Vector, rows: readonly object[]): RecordedRow[] {
  const keys: readonly string[] = vector.input.input_keys ?? ['question'];
  return rows.map((row) => Example.withInputs(row as FieldValues, ...keys) as object as RecordedRow);
}

/** The requests a vector lists, with their texts. */
export function recordedRequests(vector: Vector): SentRequest[] {
  const strings = vector['strings'] as string[];
  // biome-ignore lint/suspicious/noExplicitAny: recorded requests
  return (vector['requests'] as any[]).map(({ lm, messages, kwargs, error }) => ({
    lm,
    messages: messages.map(([role, at]: [string, number]) => [role, strings[at]]),
    kwargs,
    ...(error === undefined ? {} : { error }),
  }));
}

/** Options the reference spells with underscores. Throws `NotApplicable` for one that is not there yet. */
export function optionNames(options: Record<string, unknown>, names: Record<string, string>): Record<string, unknown> {
  const entries = Object.entries(options).map(([name, value]) => {
    const ours = names[name];
    if (ours === undefined) throw new NotApplicable(`later issue: the option '${name}'`);
    return [ours, value ?? undefined] as const;
  });
  return Object.fromEntries(entries.filter(([, value]) => value !== undefined));
}

/** Instructions and demos of a program, as the vectors write them. */
export function programFacts(program: Module) {
  const predictors = program.namedPredictors({ skipCompiled: true });
  return {
    instructions: Object.fromEntries(predictors.map(([path, predictor]) => [path, predictor.spec.instructions])),
    demos: Object.fromEntries(predictors.map(([path, { demos }]) => [path, demos.map((demo) => ({ ...demo }))])),
  };
}

/** Compares parts of a replay, the first difference in requests shown alone: later ones only follow from it. */
export function compareParts(expected: Record<string, unknown>, actual: Record<string, unknown>): Outcome {
  for (const name of Object.keys(expected)) {
    const [theirs, ours] = [expected[name], actual[name]];
    if (sameValue(theirs, ours)) continue;
    if (Array.isArray(theirs) && Array.isArray(ours)) {
      const at = theirs.findIndex((item, index) => !sameValue(item, ours[index]));
      const first = at < 0 ? theirs.length : at;
      return {
        kind: 'different',
        expected: { [`${name}[${first}] of ${theirs.length}`]: theirs[first] },
        actual: { [`${name}[${first}] of ${ours.length}`]: ours[first] },
      };
    }
    return { kind: 'different', expected: { [name]: theirs }, actual: { [name]: ours } };
  }
  return { kind: 'equal' };
}

/**
 * True when a replay differs from the recording only after an example has failed. The reference then goes on with a
 * teacher that has lost the demos equal to that example (D52), so everything later may differ.
 */
export function differsAfterFailure(vector: Vector, requests: readonly SentRequest[]): boolean {
  const recorded = recordedRequests(vector);
  const failedRequest = recorded.findIndex((request) => request.error !== undefined);
  const failedMetric = (vector['metric_log'] as unknown[][]).findIndex((entry) => entry[2] === 'error');
  const failures = [failedRequest, failedMetric].filter((at) => at >= 0);
  const difference = recorded.findIndex((request, at) => !sameValue(request, requests[at]));
  return failures.length > 0 && difference > Math.min(...failures);
}
