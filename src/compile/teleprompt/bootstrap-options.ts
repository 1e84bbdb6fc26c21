import { InvalidOptionError } from '../../core/errors/option-errors';
import type { Metric } from '../../core/primitives/metric';
import type { Settings } from '../../core/settings/settings';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import type { ChooseStep } from './choose-step';

/** Options that every optimizer made of bootstrapping has. */
export interface BootstrapOptions<G, P> {
  /** Scores what the teacher did with an example; sees the trace as `context.trace`. Default: everything is good. */
  readonly metric?: Metric<G, P>;
  /** Score from which a trace is good, 0 included. Default: every score above 0. */
  readonly metricThreshold?: number;
  /** Settings that hold while the teacher works, for example `{ lm: large }`. */
  readonly teacherSettings?: Settings;
  /** Demos made by the teacher, each predictor's at most; default 4, 0 asks the teacher nothing. */
  readonly maxBootstrappedDemos?: number;
  /** Demos of a predictor in all, the bootstrapped ones included; the rest are rows of the trainset. Default 16. */
  readonly maxLabeledDemos?: number;
  /** Tries of an example; from the second on at temperature 1 and with a rollout id. Default 1. */
  readonly maxRounds?: number;
  /** Failed tries at which compiling stops with `TooManyErrorsError`; default is the setting `maxErrors`, which is 10. */
  readonly maxErrors?: number;
  /** Examples under way at a time; default is the setting `concurrency`, which is 64. Changes the time only. */
  readonly concurrency?: number;
  /** Time for one try of an example, in milliseconds; default 600,000, `Infinity` for none. */
  readonly exampleDeadlineMs?: number;
  /** Further tries while the language model is out of reach; default 3. */
  readonly outageRetries?: number;
  /** Wait before the first of them, in milliseconds, doubling; default 1000. */
  readonly outageWaitMs?: number;
  /** Seed of all random choices; default 0, as the reference's. */
  readonly seed?: number;
  /** Chooses one of several calls of a predictor within one example; default: half the time the last. */
  readonly chooseStep?: ChooseStep;
}

const NAMES: readonly (keyof BootstrapOptions<object, unknown>)[] = [
  'metric',
  'metricThreshold',
  'teacherSettings',
  'maxBootstrappedDemos',
  'maxLabeledDemos',
  'maxRounds',
  'maxErrors',
  'concurrency',
  'exampleDeadlineMs',
  'outageRetries',
  'outageWaitMs',
  'seed',
  'chooseStep',
];

/** Throws `UnknownOptionError` or `InvalidOptionError`. */
export function checkBootstrapOptions(owner: string, options: object, further: readonly string[] = []): void {
  checkOptions(owner, options, [...NAMES, ...further]);
  const given = options as BootstrapOptions<never, never>;
  if (given.metric !== undefined && typeof given.metric !== 'function') {
    throw new InvalidOptionError(owner, 'metric', given.metric, 'a function (gold, predicted) => score');
  }
  if (given.metricThreshold !== undefined && !Number.isFinite(given.metricThreshold)) {
    throw new InvalidOptionError(owner, 'metricThreshold', given.metricThreshold, 'a finite number');
  }
  if (given.seed !== undefined && !Number.isSafeInteger(given.seed)) {
    throw new InvalidOptionError(owner, 'seed', given.seed, 'a whole number');
  }
  const minima = { maxBootstrappedDemos: 0, maxLabeledDemos: 0, maxRounds: 1, concurrency: 1, outageRetries: 0 };
  for (const [name, minimum] of Object.entries(minima)) {
    const value = given[name as keyof typeof minima];
    if (value !== undefined) wholeNumber(owner, name, value, minimum);
  }
  const bounds = { maxErrors: 0, exampleDeadlineMs: 1, outageWaitMs: 0 };
  for (const [name, minimum] of Object.entries(bounds)) {
    const value = given[name as keyof typeof bounds];
    if (value === undefined || value >= minimum) continue;
    throw new InvalidOptionError(owner, name, value, `a number of at least ${minimum}, or Infinity`);
  }
}
