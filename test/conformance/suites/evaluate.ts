import { Evaluate } from '../../../src/compile/evaluate/evaluate';
import { metricName } from '../../../src/compile/evaluate/metric-name';
import { percentage } from '../../../src/compile/evaluate/rounding';
import type { RowResult } from '../../../src/compile/evaluate/row-result';
import { mergedFields, mergedRow } from '../../../src/compile/report/merged-row';
import { rowsCsv } from '../../../src/compile/report/rows-csv';
import { rowsJson } from '../../../src/compile/report/rows-json';
import { scoreCell, truncateCell } from '../../../src/compile/report/rows-table';
import { DspexError } from '../../../src/core/errors/dspex-error';
import type { Metric } from '../../../src/core/primitives/metric';
import { NO_USAGE } from '../../../src/core/primitives/usage';
import type { Outcome, Suite, Vector } from '../suite';
import {
  compareParts,
  inRecordedSettings,
  optionNames,
  recordedRequests,
  recordedRows,
} from '../worlds/optimizer-vector';
import type { SentRequest } from '../worlds/world-lm';
import { worldMetric } from '../worlds/world-metrics';
import { worldProgram } from '../worlds/world-program';

const OPTIONS = {
  num_threads: 'concurrency',
  max_errors: 'maxErrors',
  failure_score: 'failureScore',
  return_outputs: 'returnOutputs',
};

/** Scores, rounding and files of evaluations. */
export const evaluateSuite: Suite = {
  file: 'evaluate.jsonl',
  covers: (group) => /^evaluate-(?:scores|rounding|files)$/.test(group),
  replay: (vector) => {
    const { group, input, expect } = vector;
    if (group === 'evaluate-scores') return replayScores(vector);
    if (group === 'evaluate-rounding')
      return compareParts({ score: expect.score }, { score: percentage(input.scores) });
    if (expect.merged !== undefined) {
      const merged = [...mergedFields(input.example, input.prediction)].map(([name, { value }]) => [name, value]);
      return compareParts({ merged: expect.merged }, { merged });
    }
    if (expect.cell !== undefined) return compareParts({ cell: expect.cell }, { cell: truncateCell(input.content) });
    return input.rows === undefined ? replayTable(vector) : replayFiles(vector);
  },
};

async function replayScores(vector: Vector): Promise<Outcome> {
  const { input, expect } = vector;
  const { options } = input;
  const requests: SentRequest[] = [];
  const metricLog: unknown[] = [];
  const listed = vector['requests'] !== undefined;
  const logs = listed ? { requests: recordedRequests(vector), metric_log: vector['metric_log'] } : {};
  const ours = listed ? { requests, metric_log: metricLog } : {};
  try {
    const result = await inRecordedSettings(vector, requests, () =>
      new Evaluate<never, object>({
        devset: recordedRows(vector, input.devset) as never[],
        metric: worldMetric(input.metric, metricLog) as Metric<never, object>,
        ...optionNames(options, OPTIONS),
      }).call(worldProgram(input.program) as never),
    );
    const rows = result.results.map(({ example, prediction, score, failedIn }) => ({
      example: { ...(example as object) },
      prediction: failedIn === undefined ? { ...prediction } : {},
      score,
    }));
    // biome-ignore lint/suspicious/noExplicitAny: recorded rows
    const expected = expect.results?.map((row: any) => ({ ...row, score: Number(row.score?.score ?? row.score) }));
    return compareParts(
      { ...logs, score: expect.score, results: expected },
      { ...ours, score: result.score, results: rows },
    );
  } catch (error) {
    if (expect.error === undefined || !(error instanceof DspexError)) throw error;
    return compareParts(logs, ours);
  }
}

// biome-ignore lint/suspicious/noExplicitAny: recorded rows
function rowOf({ i, example, pred, score }: any): RowResult<object> {
  const row = { example: { i, ...example }, durationMs: 0, usage: NO_USAGE };
  if (pred === null) return { ...row, kind: 'failed', failedIn: 'program', score: 0 };
  return { ...row, kind: 'scored', prediction: pred, metricResult: score, score: Number(score) };
}

function replayFiles({ input, expect }: Vector): Outcome {
  const rows = input.rows.map(rowOf);
  const score = percentage(rows.map((row: RowResult) => row.score));
  const actual = { csv: rowsCsv(rows, input.metric_name), json: rowsJson(rows, input.metric_name), score };
  const outcome = compareParts(expect, actual);
  if (outcome.kind === 'equal') return outcome;
  // The reference fails at a field that the first row lacks; ours gives it a column.
  const [first = new Set<string>(), ...others] = rows.map((row: RowResult) => new Set(mergedRow(row, '').keys()));
  if (others.some((names: Set<string>) => [...names].some((name) => !first.has(name))))
    return { kind: 'deviation', id: 'D56' };
  // One kind of number: a float that is whole is printed without its fraction.
  const whole = (text: string | null) => text?.replace(/\b(\d+)\.0\b/g, '$1') ?? null;
  const same = whole(expect.csv) === whole(actual.csv) && whole(expect.json) === whole(actual.json);
  return same && expect.score === score ? { kind: 'deviation', id: 'D21' } : outcome;
}

function replayTable({ expect }: Vector): Outcome {
  const examples = { '0.5': scoreCell(0.5), '1': scoreCell(1), True: scoreCell(true), '0.12345': scoreCell(0.12345) };
  const none = scoreCell(undefined);
  const names = { function: metricName(function __name__() {}), lambda: metricName(() => 0) };
  const expected = {
    examples: expect.examples,
    none: expect.metric_column_none,
    names: { function: '__name__', lambda: '<lambda>' },
  };
  return compareParts(expected, { examples, none, names });
}
