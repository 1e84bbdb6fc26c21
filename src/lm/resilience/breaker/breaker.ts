import { monotonicMs, wallClockMs } from '../../../core/util/clock';
import { type BreakerPolicy, breakerPolicy } from '../policy';
import type { BreakerRules } from './breaker-options';
import { RollingWindow } from './rolling-window';

/**
 * What an error says about the other side: `failure` counts against it; `answered` shows that it is there; `unknown` says
 * nothing (the caller gave up, or nothing was sent).
 */
export type Verdict = 'failure' | 'answered' | 'unknown';

export interface BreakerReporting {
  readonly judge: (error: unknown) => Verdict;
  /** The error of a refused call. */
  readonly refused: (since: Date, until: Date) => Error;
}

/** Marks an error that cockatiel is to count. */
class Counted {
  constructor(readonly error: unknown) {}
}

/**
 * Refuses calls at once while the other side is down. After the open time exactly one call goes through as a probe; all
 * others are still refused until it has shown how things are. A call from before the circuit opened, ending late, changes
 * nothing. A probe that its caller abandons proves nothing: the next call is the next probe.
 */
export class Breaker {
  private readonly policy: BreakerPolicy;
  private readonly window: RollingWindow;
  private inRow = 0;
  /** Openings since the circuit was last closed; each doubles the open time. */
  private openings = 0;
  /** Rises whenever the circuit opens, so that late ends of earlier calls can be told. */
  private era = 0;
  private sinceMs = 0;
  private untilMs = 0;
  private abandoned = false;

  constructor(
    private readonly rules: BreakerRules,
    private readonly reporting: BreakerReporting,
  ) {
    this.window = new RollingWindow(rules.windowMs ?? 30_000);
    this.policy = breakerPolicy({
      // What is thrown need not be an Error; cockatiel only passes it on.
      handles: (thrown: unknown) => thrown instanceof Counted,
      onSuccess: () => this.count(false),
      onFailure: () => this.count(true),
      onOpen: () => this.opened(),
      onClose: () => this.closed(),
    });
  }

  get state(): BreakerPolicy['state'] {
    return this.policy.state;
  }

  /** Throws the refusal when a call would be refused now: for calls that are about to queue. */
  check(): void {
    const { state } = this.policy;
    if (state === 'half-open' || (state === 'open' && monotonicMs() < this.untilMs)) throw this.refusal();
  }

  /** Runs the call, or rejects with the refusal. */
  async run<T>(call: () => Promise<T>): Promise<T> {
    this.check();
    const probe = this.policy.state === 'open';
    const { era } = this;
    const judged = (error: unknown): never => {
      if (era !== this.era) throw error;
      const verdict = this.reporting.judge(error);
      const abandoned = probe && verdict === 'unknown';
      if (abandoned) this.abandoned = true;
      throw verdict === 'failure' || abandoned ? new Counted(error) : error;
    };
    try {
      return await this.policy.execute(() => call().catch(judged));
    } catch (error) {
      throw error instanceof Counted ? error.error : error;
    }
  }

  private refusal(): Error {
    const now = monotonicMs();
    const shiftMs = wallClockMs() - now;
    // While a probe runs nobody knows how long it takes.
    const untilMs = Math.max(now, this.untilMs);
    return this.reporting.refused(new Date(shiftMs + this.sinceMs), new Date(shiftMs + untilMs));
  }

  /** True opens the circuit. */
  private count(failed: boolean): boolean {
    this.window.add(failed);
    this.inRow = failed ? this.inRow + 1 : 0;
    if (!failed) return false;
    const { failures: most, failureRate, minimumCalls = 20, consecutive } = this.rules;
    const { calls, failures } = this.window.totals();
    return (
      (consecutive !== undefined && this.inRow >= consecutive) ||
      (most !== undefined && failures >= most) ||
      (failureRate !== undefined && calls >= minimumCalls && failures / calls >= failureRate)
    );
  }

  private opened(): void {
    this.era += 1;
    const now = monotonicMs();
    if (this.abandoned) {
      this.abandoned = false;
      this.untilMs = now;
      return;
    }
    const { openMs = 5_000, maxOpenMs = 60_000 } = this.rules;
    this.sinceMs = this.openings === 0 ? now : this.sinceMs;
    this.untilMs = now + Math.min(maxOpenMs, openMs * 2 ** this.openings);
    this.openings += 1;
  }

  private closed(): void {
    this.openings = 0;
    this.inRow = 0;
    this.window.clear();
  }
}
