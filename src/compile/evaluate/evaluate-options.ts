import { InvalidOptionError } from '../../core/errors/option-errors';
import type { Metric } from '../../core/primitives/metric';
import { resolveSetting } from '../../core/settings/resolve';
import type { FieldValues } from '../../core/signatures/field-spec';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import type { RandomSeed } from '../../core/util/python-random';
import { DEVSET_EXPECTED, type Devset, isDevset } from './data/devset';
import type { InputRow } from './program';
import type { ProgressSink } from './progress-sink';

/** Options of `Evaluate`; those of its `call` are laid over those of its constructor. */
export interface EvaluateOptions<R extends InputRow, P = FieldValues> {
  /**
   * The rows to score, each with marked inputs. At least one. An array; or a generator, `readJsonl` or any other iterable, read as
   * fast as rows are worked off and no faster; or a function that gives either, anew for each call.
   */
  readonly devset: Devset<R>;
  readonly metric: Metric<NoInfer<R>, P>;
  /** Rows under way at a time; default is the setting `concurrency`, which is 64 unless configured. */
  readonly concurrency?: number;
  /** Score of a row whose program or metric failed; default 0. */
  readonly failureScore?: number;
  /**
   * Whether the result has every row; default `true` for an array, `false` for every other devset: then memory does not grow with the
   * rows, and `results` has only the first that went wrong. The numbers are the same.
   */
  readonly keepRows?: boolean;
  /**
   * Failed rows at which the evaluation stops with `TooManyErrorsError`, which carries the partial result; default is
   * the setting `maxErrors`, which is 10 unless configured. `Infinity` never stops. Outages do not count.
   */
  readonly maxErrors?: number;
  /**
   * Time for the program and the metric of one row, in milliseconds; then they are aborted and the row has failed.
   * Default 600,000 (ten minutes); `Infinity` waits for ever.
   */
  readonly exampleDeadlineMs?: number;
  /** Further tries of a row while the language model is out of reach; default 3. */
  readonly outageRetries?: number;
  /** Wait before the first of them, in milliseconds, doubling; a server's own word is heard. Default 1000. */
  readonly outageWaitMs?: number;
  /** `true` shows a bar on a terminal and plain lines elsewhere, on standard error; default `false`. */
  readonly progress?: boolean | ProgressSink;
  /**
   * Path of a CSV file for the rows, in the order of the devset. It is there when all are done; rows that are not kept are written
   * as they end. An evaluation that fails leaves none.
   */
  readonly saveAsCsv?: string;
  /** The same as a JSON file. */
  readonly saveAsJson?: string;
  /** Seed of the interval's resampling; default 0. */
  readonly seed?: RandomSeed;
  /** Aborting it ends the evaluation, which rejects with the signal's reason. */
  readonly signal?: AbortSignal;
}

const NAMES: readonly (keyof EvaluateOptions<InputRow>)[] = [
  'devset',
  'metric',
  'concurrency',
  'failureScore',
  'keepRows',
  'maxErrors',
  'exampleDeadlineMs',
  'outageRetries',
  'outageWaitMs',
  'progress',
  'saveAsCsv',
  'saveAsJson',
  'seed',
  'signal',
];

/** Throws `UnknownOptionError` or `InvalidOptionError` for options that cannot mean anything. */
export function checkEvaluateOptions(owner: string, options: object): void {
  checkOptions(owner, options, NAMES);
  const { devset, metric, concurrency, failureScore, keepRows } = options as Partial<EvaluateOptions<InputRow>>;
  const { maxErrors, exampleDeadlineMs, outageRetries, outageWaitMs } = options as Partial<EvaluateOptions<InputRow>>;
  if (devset !== undefined && !isDevset(devset)) throw new InvalidOptionError(owner, 'devset', devset, DEVSET_EXPECTED);
  if (keepRows !== undefined && typeof keepRows !== 'boolean') {
    throw new InvalidOptionError(owner, 'keepRows', keepRows, 'true or false');
  }
  if (metric !== undefined && typeof metric !== 'function') {
    throw new InvalidOptionError(owner, 'metric', metric, 'a function (gold, predicted) => score');
  }
  if (concurrency !== undefined) wholeNumber(owner, 'concurrency', concurrency, 1);
  if (outageRetries !== undefined) wholeNumber(owner, 'outageRetries', outageRetries, 0);
  if (failureScore !== undefined && !Number.isFinite(failureScore)) {
    throw new InvalidOptionError(owner, 'failureScore', failureScore, 'a finite number');
  }
  checkPositive(owner, 'maxErrors', maxErrors, 0);
  checkPositive(owner, 'exampleDeadlineMs', exampleDeadlineMs, 1);
  checkPositive(owner, 'outageWaitMs', outageWaitMs, 0);
}

/** The failures after which a long piece of work stops: the option, else the setting. */
export function effectiveMaxErrors(option: number | undefined): number {
  return Math.max(1, option ?? resolveSetting('maxErrors').value ?? 10);
}

/** The items under way at a time: the option, else the setting. */
export function effectiveConcurrency(option: number | undefined): number {
  return option ?? resolveSetting('concurrency').value ?? 64;
}

function checkPositive(owner: string, option: string, value: number | undefined, minimum: number): void {
  if (value === undefined || (typeof value === 'number' && value >= minimum)) return;
  throw new InvalidOptionError(owner, option, value, `a number of at least ${minimum}, or Infinity`);
}
