import { BudgetExceededError, type BudgetLimit } from '../errors/clients/budget-exceeded-error';
import type { LMErrorDetails } from '../errors/lm-errors';
import { InvalidOptionError } from '../errors/option-errors';
import type { Usage } from '../primitives/usage';
import { checkOptions } from '../util/check-options';
import { monotonicMs } from '../util/clock';

/** What may be spent; a limit that is left out does not apply. */
export interface BudgetLimits {
  /** Requests to a provider, lost ones included. */
  readonly calls?: number;
  /** Tokens read and written. */
  readonly tokens?: number;
  /** US dollars. A call whose price is not known is refused under it, because nothing can be promised then. */
  readonly usd?: number;
  /** Milliseconds since the budget was made. */
  readonly wallClockMs?: number;
}

/** What a call may need at most, as far as it can be known before. */
export interface Estimate {
  readonly calls: number;
  readonly tokens: number;
  /** `undefined` where the price is not known. */
  readonly usd: number | undefined;
}

/** The part of a budget that a call in flight holds. */
export interface Reservation {
  /** Gives back what was not needed; `usage` is what the call really took, `undefined` when nothing was sent. */
  settle(usage: Usage | undefined): void;
}

const LIMITS: readonly BudgetLimit[] = ['calls', 'tokens', 'usd', 'wallClockMs'];

/**
 * A bound on what calls may cost together, by `context({ budget }, ...)`. A call reserves what it may need before it is sent and
 * settles what it took after, so that calls in flight together cannot overshoot.
 */
export class Budget {
  readonly limits: BudgetLimits;
  private readonly startedAt = monotonicMs();
  private readonly spentSoFar = { calls: 0, tokens: 0, usd: 0 };
  private readonly reserved = { calls: 0, tokens: 0, usd: 0 };

  /** Throws `UnknownOptionError` or `InvalidOptionError`. */
  constructor(limits: BudgetLimits) {
    checkOptions('Budget', limits, LIMITS);
    for (const limit of LIMITS) {
      const value = limits[limit];
      if (value !== undefined && !(value >= 0)) throw new InvalidOptionError('Budget', limit, value, 'a number from 0');
    }
    this.limits = Object.freeze({ ...limits });
  }

  /** What has been spent, calls in flight left out. */
  get spent(): Readonly<Record<BudgetLimit, number>> {
    return { ...this.spentSoFar, wallClockMs: monotonicMs() - this.startedAt };
  }

  /** Holds what a call may need. Throws `BudgetExceededError` when there is not so much left. */
  reserve(estimate: Estimate, about: LMErrorDetails = {}): Reservation {
    const { limits, spentSoFar, reserved } = this;
    const elapsed = monotonicMs() - this.startedAt;
    if (limits.wallClockMs !== undefined && elapsed >= limits.wallClockMs) {
      throw new BudgetExceededError('wallClockMs', limits.wallClockMs, elapsed, 0, about);
    }
    const wanted = { ...estimate, usd: estimate.usd ?? (limits.usd === undefined ? 0 : Number.POSITIVE_INFINITY) };
    for (const limit of ['calls', 'tokens', 'usd'] as const) {
      const allowed = limits[limit];
      const used = spentSoFar[limit] + reserved[limit];
      if (allowed !== undefined && used + wanted[limit] > allowed) {
        throw new BudgetExceededError(limit, allowed, used, wanted[limit], about);
      }
    }
    if (!Number.isFinite(wanted.usd)) wanted.usd = 0;
    for (const limit of ['calls', 'tokens', 'usd'] as const) reserved[limit] += wanted[limit];
    let open = true;
    return {
      settle: (usage) => {
        if (!open) return;
        open = false;
        for (const limit of ['calls', 'tokens', 'usd'] as const) reserved[limit] -= wanted[limit];
        if (usage === undefined) return;
        spentSoFar.calls += usage.calls + usage.lostAttempts;
        spentSoFar.tokens += usage.inputTokens + usage.outputTokens;
        spentSoFar.usd += usage.costUsd;
      },
    };
  }
}
