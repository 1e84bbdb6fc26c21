import { BudgetExceededError, type BudgetLimit } from '../errors/clients/budget-exceeded-error';
import type { LMErrorDetails } from '../errors/lm-errors';
import { InvalidOptionError } from '../errors/option-errors';
import type { Usage } from '../primitives/usage';
import { checkOptions } from '../util/check-options';
import { monotonicMs } from '../util/clock';
import { tell } from './in-span';

/** What may be spent; a limit that is left out does not apply. */
export interface BudgetLimits {
  /** Requests to a provider, lost ones included. Repetitions of a request that failed are counted after the fact. */
  readonly calls?: number;
  /** Tokens read and written. */
  readonly tokens?: number;
  /** US dollars. A call whose price is not known is refused under it, because nothing can be promised then. */
  readonly usd?: number;
  /** Milliseconds since the budget was made; a call in flight when they are over is given up. */
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
const COUNTED = ['calls', 'tokens', 'usd'] as const;
type Counts = Record<(typeof COUNTED)[number], number>;

/** Sums of dollars end in noise; a hundredth of a millionth is none of anybody's money. */
const NOISE = 1e-8;

/**
 * A bound on what calls may cost together, by `context({ budget }, ...)`. A call reserves what it may need before it is sent and
 * settles what it took after, so that calls in flight together cannot overshoot. What is spent exceeds a limit only by as much as
 * calls took more than they were thought to.
 */
export class Budget {
  readonly limits: BudgetLimits;
  private readonly startedAt = monotonicMs();
  private readonly spentSoFar: Counts = { calls: 0, tokens: 0, usd: 0 };
  private readonly reserved: Counts = { calls: 0, tokens: 0, usd: 0 };
  private open = 0;
  private refusals = 0;

  /** Throws `UnknownOptionError` or `InvalidOptionError`. */
  constructor(limits: BudgetLimits) {
    checkOptions('Budget', limits, LIMITS);
    for (const limit of LIMITS) {
      const value = limits[limit];
      if (value !== undefined && !(typeof value === 'number' && value >= 0)) {
        throw new InvalidOptionError('Budget', limit, value, 'a number from 0');
      }
    }
    this.limits = Object.freeze({ ...limits });
  }

  /** What has been spent, calls in flight left out. */
  get spent(): Readonly<Record<BudgetLimit, number>> {
    return { ...this.spentSoFar, wallClockMs: this.elapsedMs };
  }

  /** What is left of each limit, the calls in flight taken off; never below 0. */
  get remaining(): BudgetLimits {
    const { limits, spentSoFar, reserved, elapsedMs } = this;
    const used = (limit: BudgetLimit) => (limit === 'wallClockMs' ? elapsedMs : spentSoFar[limit] + reserved[limit]);
    return Object.fromEntries(
      LIMITS.flatMap((limit) => {
        const allowed = limits[limit];
        return allowed === undefined ? [] : [[limit, Math.max(0, allowed - used(limit))]];
      }),
    );
  }

  /** Calls that were refused. */
  get refused(): number {
    return this.refusals;
  }

  /** Holds what a call may need. Throws `BudgetExceededError` when there is not so much left. */
  reserve(estimate: Estimate, about: LMErrorDetails = {}): Reservation {
    const { limits, spentSoFar, reserved, elapsedMs } = this;
    if (limits.wallClockMs !== undefined && elapsedMs >= limits.wallClockMs) throw this.timeOver(about);
    const wanted = { ...estimate, usd: estimate.usd ?? (limits.usd === undefined ? 0 : Number.POSITIVE_INFINITY) };
    for (const limit of COUNTED) {
      const allowed = limits[limit];
      const used = spentSoFar[limit] + reserved[limit];
      if (allowed !== undefined && used + wanted[limit] > allowed + NOISE) {
        throw this.refusal(new BudgetExceededError(limit, allowed, used, wanted[limit], about));
      }
    }
    // Without a limit in dollars an unknown price holds nothing.
    if (!Number.isFinite(wanted.usd)) wanted.usd = 0;
    for (const limit of COUNTED) reserved[limit] += wanted[limit];
    this.open += 1;
    let settled = false;
    return {
      settle: (usage) => {
        if (settled) return;
        settled = true;
        this.settle(wanted, usage);
      },
    };
  }

  /** The error of a call that comes, or is still going on, when the time is over. */
  timeOver(about: LMErrorDetails = {}): BudgetExceededError {
    const { wallClockMs = 0 } = this.limits;
    return this.refusal(new BudgetExceededError('wallClockMs', wallClockMs, this.elapsedMs, 0, about));
  }

  private get elapsedMs(): number {
    return monotonicMs() - this.startedAt;
  }

  private settle(wanted: Counts, usage: Usage | undefined): void {
    const { spentSoFar, reserved } = this;
    this.open -= 1;
    for (const limit of COUNTED) reserved[limit] = this.open === 0 ? 0 : reserved[limit] - wanted[limit];
    if (usage === undefined) return;
    spentSoFar.calls += usage.calls + usage.lostAttempts;
    spentSoFar.tokens += usage.inputTokens + usage.outputTokens;
    spentSoFar.usd += usage.costUsd;
    tell('budget', () => ({ what: 'settled', spent: this.spent, remaining: this.remaining }));
  }

  private refusal(error: BudgetExceededError): BudgetExceededError {
    this.refusals += 1;
    const { limit, allowed, used, wanted } = error;
    tell('budget', () => ({ what: 'refused', limit, allowed, used, wanted }));
    return error;
  }
}
