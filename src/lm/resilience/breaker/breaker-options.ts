import { InvalidOptionError } from '../../../core/errors/option-errors';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';

/** When a circuit opens and for how long. A rule that is left out does not apply. */
export interface BreakerRules {
  /** Opens at this many failures within the window. */
  readonly failures?: number;
  /** Opens at this share of failures (0 to 1) among at least `minimumCalls` within the window. */
  readonly failureRate?: number;
  /** Default 20. */
  readonly minimumCalls?: number;
  /** Length of the window, in milliseconds; default 30,000. */
  readonly windowMs?: number;
  /** Opens at this many failures in a row. */
  readonly consecutive?: number;
  /** Stays open for so long the first time, in milliseconds, and twice as long after each probe that fails; default 5,000. */
  readonly openMs?: number;
  /** Never stays open longer, in milliseconds; default 60,000. */
  readonly maxOpenMs?: number;
}

/** Rules by name, and single rules on top. */
export interface BreakerOptions extends BreakerRules {
  readonly preset?: BreakerPreset;
}

export type BreakerPreset = 'default' | 'strict';

/** Half of at least 20 calls in 30 s or 10 failures in a row; `strict` opens at 5 failures in 10 s. */
const PRESETS: Readonly<Record<BreakerPreset, BreakerRules>> = {
  default: { failureRate: 0.5, minimumCalls: 20, windowMs: 30_000, consecutive: 10, openMs: 5_000, maxOpenMs: 60_000 },
  strict: { failures: 5, windowMs: 10_000, openMs: 5_000, maxOpenMs: 60_000 },
};

const WHOLE = ['failures', 'minimumCalls', 'windowMs', 'consecutive', 'openMs', 'maxOpenMs'] as const;

/** The rules that a preset name or options mean. Throws `UnknownOptionError` or `InvalidOptionError`. */
export function breakerRules(given: BreakerPreset | BreakerOptions): BreakerRules {
  if (typeof given !== 'string' && (typeof given !== 'object' || given === null)) {
    throw new InvalidOptionError('resilient', 'breaker', given, 'the name of a preset, an object of rules, or false');
  }
  const { preset = 'default', ...rules } = typeof given === 'string' ? { preset: given } : given;
  checkOptions('breaker', rules, ['preset', 'failureRate', ...WHOLE]);
  if (!Object.hasOwn(PRESETS, preset))
    throw new InvalidOptionError('breaker', 'preset', preset, "'default' or 'strict'");
  for (const name of WHOLE) {
    const value = rules[name];
    if (value !== undefined) wholeNumber('breaker', name, value, 1);
  }
  const { failureRate } = rules;
  if (failureRate !== undefined && !(failureRate > 0 && failureRate <= 1)) {
    throw new InvalidOptionError('breaker', 'failureRate', failureRate, 'above 0 and at most 1');
  }
  return { ...PRESETS[preset], ...rules };
}
