import { InvalidOptionError } from '../../core/errors/option-errors';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import { type BreakerOptions, type BreakerPreset, type BreakerRules, breakerRules } from './breaker/breaker-options';
import { cryptoRandom, type RandomSource } from './retry/jitter';

/** How a client copes with failures; the defaults come from the fault matrix of the design. */
export interface ResilienceOptions {
  /** Requests a call may make, the first one included; default 3. */
  readonly attempts?: number;
  /** Longest first wait before a retry, in milliseconds; default 500. It doubles each time, with full jitter. */
  readonly baseDelayMs?: number;
  /** No wait of our own is longer, in milliseconds; default 20,000. */
  readonly maxDelayMs?: number;
  /** The circuit breaker; `false` does without. Default: half of at least 20 calls in 30 s, or 10 failures in a row. */
  readonly breaker?: BreakerPreset | BreakerOptions | false;
  /** Most requests in flight; default 256. */
  readonly maxConcurrent?: number;
  /** Most calls that wait for their turn; further ones fail with `LMQueueFullError`. Default 10,000. */
  readonly maxQueued?: number;
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
  readonly breaker: BreakerRules | undefined;
  readonly maxConcurrent: number;
  readonly maxQueued: number;
  readonly deadlineMs: number;
  readonly random: RandomSource;
}

const NUMBERS = {
  attempts: { minimum: 1, preset: 3 },
  baseDelayMs: { minimum: 0, preset: 500 },
  maxDelayMs: { minimum: 0, preset: 20_000 },
  maxConcurrent: { minimum: 1, preset: 256 },
  maxQueued: { minimum: 0, preset: 10_000 },
  deadlineMs: { minimum: 1, preset: 300_000 },
} as const;

/** Fills in the defaults. Throws `UnknownOptionError` or `InvalidOptionError`. */
export function resilienceSettings(options: ResilienceOptions): ResilienceSettings {
  checkOptions('resilient', options, [...Object.keys(NUMBERS), 'breaker', 'random']);
  const number = (name: keyof typeof NUMBERS) =>
    wholeNumber('resilient', name, options[name] ?? NUMBERS[name].preset, NUMBERS[name].minimum);
  const { breaker = 'default', random = cryptoRandom } = options;
  if (typeof random !== 'function') throw new InvalidOptionError('resilient', 'random', random, 'a function');
  return {
    attempts: number('attempts'),
    baseDelayMs: number('baseDelayMs'),
    maxDelayMs: number('maxDelayMs'),
    breaker: breaker === false ? undefined : breakerRules(breaker),
    maxConcurrent: number('maxConcurrent'),
    maxQueued: number('maxQueued'),
    deadlineMs: number('deadlineMs'),
    random,
  };
}
