import { InvalidOptionError } from '../../core/errors/option-errors';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import { type BreakerOptions, type BreakerPreset, type BreakerRules, breakerRules } from './breaker/breaker-options';
import { cryptoRandom, type RandomSource } from './retry/jitter';

/**
 * Settings by name: `default` for calls that somebody waits for; `strict` for those that wait little (30 s in all, and a breaker that
 * opens at 5 failures in 10 s); `job` for optimizers and other long work (6 attempts).
 */
export type ResiliencePreset = 'default' | 'strict' | 'job';

/** How a client copes with failures; the defaults come from the fault matrix of the design. */
export interface ResilienceOptions {
  /** Where the options that are left out come from; default `default`. */
  readonly preset?: ResiliencePreset;
  /** Requests a call may make, the first one included; default 3. */
  readonly attempts?: number;
  /** Longest first wait before a retry, in milliseconds; default 500. It doubles each time, with full jitter. */
  readonly baseDelayMs?: number;
  /** No wait of our own is longer, in milliseconds; default 20,000. */
  readonly maxDelayMs?: number;
  /** Tokens for retries that all calls share: one costs 5, after a timeout 10, after a 4xx such as 429 none; a success gives back 1. Default 500. */
  readonly retryTokens?: number;
  /** The circuit breaker; `false` does without. Default: half of at least 20 calls in 30 s, or 10 failures in a row. */
  readonly breaker?: BreakerPreset | BreakerOptions | false;
  /** Most requests in flight; default 256. */
  readonly maxConcurrent?: number;
  /** Whether to go below `maxConcurrent` when the server says 429, and slowly up again; default true. */
  readonly adaptive?: boolean;
  /** Most requests a minute, sent evenly: of 600 never more than 10 in a second. Default no bound. */
  readonly requestsPerMinute?: number;
  /** Most tokens a minute, read and written. Default no bound. */
  readonly tokensPerMinute?: number;
  /** Most calls that wait for their turn; further ones fail with `LMQueueFullError`. Default 10,000. */
  readonly maxQueued?: number;
  /** How long no request is sent after the server said that money or quota is spent, in milliseconds; default 60,000. */
  readonly quotaPauseMs?: number;
  /** Time for a call with all its waits and retries, in milliseconds; default 300,000. A call may bring its own. */
  readonly deadlineMs?: number;
  /** Where jitter comes from; default the system's random numbers. */
  readonly random?: RandomSource;
}

/** All of it decided. */
export interface ResilienceSettings {
  readonly attempts: number;
  readonly baseDelayMs: number;
  readonly maxDelayMs: number;
  readonly retryTokens: number;
  readonly breaker: BreakerRules | undefined;
  readonly maxConcurrent: number;
  readonly adaptive: boolean;
  readonly requestsPerMinute: number | undefined;
  readonly tokensPerMinute: number | undefined;
  readonly maxQueued: number;
  readonly quotaPauseMs: number;
  readonly deadlineMs: number;
  readonly random: RandomSource;
}

const NUMBERS = {
  attempts: { minimum: 1, preset: 3 },
  baseDelayMs: { minimum: 0, preset: 500 },
  maxDelayMs: { minimum: 0, preset: 20_000 },
  retryTokens: { minimum: 0, preset: 500 },
  maxConcurrent: { minimum: 1, preset: 256 },
  maxQueued: { minimum: 0, preset: 10_000 },
  quotaPauseMs: { minimum: 0, preset: 60_000 },
  deadlineMs: { minimum: 1, preset: 300_000 },
} as const;

const RATES = ['requestsPerMinute', 'tokensPerMinute'] as const;

const PRESETS: Readonly<Record<ResiliencePreset, ResilienceOptions>> = {
  default: {},
  strict: { deadlineMs: 30_000, breaker: 'strict' },
  job: { attempts: 6 },
};

/** Fills in the defaults. Throws `UnknownOptionError` or `InvalidOptionError`. */
export function resilienceSettings(given: ResiliencePreset | ResilienceOptions = {}): ResilienceSettings {
  if (typeof given !== 'string' && (typeof given !== 'object' || given === null)) {
    throw new InvalidOptionError('resilient', 'options', given, 'the name of a preset, or an object');
  }
  const { preset = 'default', ...own } = typeof given === 'string' ? { preset: given } : given;
  checkOptions('resilient', own, [...Object.keys(NUMBERS), ...RATES, 'preset', 'breaker', 'adaptive', 'random']);
  if (!Object.hasOwn(PRESETS, preset)) {
    throw new InvalidOptionError('resilient', 'preset', preset, `one of '${Object.keys(PRESETS).join("', '")}'`);
  }
  const options: ResilienceOptions = { ...PRESETS[preset], ...own };
  const number = (name: keyof typeof NUMBERS) =>
    wholeNumber('resilient', name, options[name] ?? NUMBERS[name].preset, NUMBERS[name].minimum);
  const rate = (name: (typeof RATES)[number]) =>
    options[name] === undefined ? undefined : wholeNumber('resilient', name, options[name], 1);
  const { breaker = 'default', adaptive = true, random = cryptoRandom } = options;
  if (typeof random !== 'function') throw new InvalidOptionError('resilient', 'random', random, 'a function');
  if (typeof adaptive !== 'boolean') throw new InvalidOptionError('resilient', 'adaptive', adaptive, 'true or false');
  return {
    attempts: number('attempts'),
    baseDelayMs: number('baseDelayMs'),
    maxDelayMs: number('maxDelayMs'),
    retryTokens: number('retryTokens'),
    breaker: breaker === false ? undefined : breakerRules(breaker),
    maxConcurrent: number('maxConcurrent'),
    adaptive,
    requestsPerMinute: rate('requestsPerMinute'),
    tokensPerMinute: rate('tokensPerMinute'),
    maxQueued: number('maxQueued'),
    quotaPauseMs: number('quotaPauseMs'),
    deadlineMs: number('deadlineMs'),
    random,
  };
}
