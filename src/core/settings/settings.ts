import { InvalidOptionError } from '../errors/option-errors';
import { Adapter } from '../ports/adapter';
import { LM } from '../ports/lm';
import { Logger, SilentLogger } from '../ports/logger';
import { Retriever } from '../ports/retriever';
import { checkOptions, wholeNumber } from '../util/check-options';
import { Budget } from './budget';

/** What surrounds a call. Every setting is looked up when it is needed, never in a constructor. */
export interface Settings {
  /** The language model; a string is the name of an LM in the program's container. */
  readonly lm?: LM | string;
  /** How signatures become prompts; default `ChatAdapter`. */
  readonly adapter?: Adapter;
  /** Finds passages (DSPy: `rm`). */
  readonly retriever?: Retriever;
  /** Where dspex says what goes on; silent by default. */
  readonly logger?: Logger;
  /** Corrective calls after an answer that does not fit; default 1, 0 is DSPy's behaviour. */
  readonly maxRepairs?: number;
  /** Failures after which a long run stops; default 10. */
  readonly maxErrors?: number;
  /** Calls in flight at a time in a run; default 64. */
  readonly concurrency?: number;
  /** Calls that the history keeps, whole process and each module; default 10,000, 0 keeps none. */
  readonly historyLimit?: number;
  /** Bytes that the history keeps, estimated, whole process and each module; default 4 MiB, some 1,000 calls of 1 kB. */
  readonly historyBytes?: number;
  /** `false` asks anew each time and keeps no answer; default true. */
  readonly cache?: boolean;
  /** What the calls may cost together; a budget of a `context()` inside another one counts in both. */
  readonly budget?: Budget;
  /** Requests that wait for their turn go by this, higher first; default 0. */
  readonly priority?: number;
  /** Time for one request to an LM, retries and waits included, in milliseconds; default is the LM's own. */
  readonly deadlineMs?: number;
}

export type SettingName = keyof Settings;

export const SETTING_NAMES: readonly SettingName[] = [
  'lm',
  'adapter',
  'retriever',
  'logger',
  'maxRepairs',
  'maxErrors',
  'concurrency',
  'historyLimit',
  'historyBytes',
  'cache',
  'budget',
  'priority',
  'deadlineMs',
];

let defaults: Settings = Object.freeze({
  logger: new SilentLogger(),
  maxRepairs: 1,
  maxErrors: 10,
  concurrency: 64,
  historyLimit: 10_000,
  historyBytes: 4 * 1024 * 1024,
});

/** What holds when no level says anything. */
export function defaultSettings(): Settings {
  return defaults;
}

/** The adapter when nobody says otherwise; predictors supply it, because settings know no adapter. */
export function setDefaultAdapter(adapter: Adapter): void {
  defaults = Object.freeze({ ...defaults, adapter });
}

const MINIMUM = {
  maxRepairs: 0,
  maxErrors: 0,
  concurrency: 1,
  historyLimit: 0,
  historyBytes: 0,
  deadlineMs: 1,
} as const;

/** A frozen copy without absent members. Throws `UnknownOptionError` or `InvalidOptionError`. */
export function checkSettings(owner: string, given: Settings): Settings {
  checkOptions(owner, given, SETTING_NAMES);
  const kept = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
  for (const [name, minimum] of Object.entries(MINIMUM)) {
    const value = kept[name];
    if (value !== undefined && value !== Number.POSITIVE_INFINITY) wholeNumber(owner, name, value as number, minimum);
  }
  const { lm, adapter, retriever, logger, cache, budget, priority } = kept as Settings;
  const wrong = (name: string, value: unknown, expected: string) =>
    new InvalidOptionError(owner, name, value, expected);
  if (lm !== undefined && typeof lm !== 'string' && !(lm instanceof LM))
    throw wrong('lm', lm, 'an LM or the name of one');
  if (adapter !== undefined && !(adapter instanceof Adapter)) throw wrong('adapter', adapter, 'an Adapter');
  if (retriever !== undefined && !(retriever instanceof Retriever)) throw wrong('retriever', retriever, 'a Retriever');
  if (logger !== undefined && typeof logger.warn !== 'function') throw wrong('logger', logger, 'a Logger');
  if (cache !== undefined && typeof cache !== 'boolean') throw wrong('cache', cache, 'true or false');
  if (budget !== undefined && !(budget instanceof Budget)) throw wrong('budget', budget, 'a Budget');
  if (priority !== undefined && !Number.isFinite(priority)) throw wrong('priority', priority, 'a number');
  return Object.freeze(kept);
}
