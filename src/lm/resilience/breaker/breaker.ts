import { monotonicMs, wallClockMs } from '../../../core/util/clock';
import { type BreakerPolicy, breakerPolicy } from '../policy';
import type { BreakerRules } from './breaker-options';
import { RollingWindow } from './rolling-window';
import { SlowStart } from './slow-start';

/**
 * What an error says about the other side: `failure` counts against it; `answered` shows that it is there; `unknown` says
 * nothing (the caller gave up, or nothing was sent).
 */
export type Verdict = 'failure' | 'answered' | 'unknown';

export interface BreakerReporting {
  readonly judge: (error: unknown) => Verdict;
  /** The error of a refused call. */
  readonly refused: (since: Date, until: Date) => Error;
  /** Told of each change; `openMs` is the time until the next probe. */
  readonly changed?: (state: BreakerPolicy['state'], openMs: number) => void;
}

/** The right to make one call, to be given back by `answered` or `failed`. */
export interface Pass {
  readonly place: number;
  readonly era: number;
  /** Takes the end of a probe: whether it failed. */
  readonly probe: ((failed: boolean) => Promise<void>) | undefined;
}

/**
 * Refuses calls at once while the other side is down. After the open time exactly one call goes through as a probe; all
 * others are still refused until it has shown how things are. When it was answered the circuit is closed and starts slowly: 2 calls at a
 * time, 4, 8, then all; a failure meanwhile opens it again, for twice the time. A call from before the circuit opened, ending late,
 * changes nothing. A probe that its caller abandons proves nothing: the next call is the next probe.
 */
export class Breaker {
  private readonly policy: BreakerPolicy;
  private readonly window: RollingWindow;
  private readonly slowStart: SlowStart;
  private inRow = 0;
  /** Openings since the circuit was last closed and had started; each doubles the open time. */
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
    const windowMs = rules.windowMs ?? 30_000;
    this.window = new RollingWindow(windowMs);
    this.slowStart = new SlowStart(windowMs);
    this.policy = breakerPolicy({
      onFailure: () => this.count(true),
      onOpen: () => this.opened(),
      onClose: () => this.closed(),
    });
  }

  get state(): BreakerPolicy['state'] {
    return this.policy.state;
  }

  /** False while a call has to wait for others to end, because the circuit starts slowly. */
  get room(): boolean {
    return this.state !== 'closed' || this.slowStart.room;
  }

  /** Takes a place for a call that is about to run; hand it to `pass`, or give it back with `leave`. */
  enter(): number {
    return this.slowStart.enter();
  }

  leave(place: number): void {
    this.slowStart.leave(place, false);
  }

  /** Throws the refusal when a call would be refused now: for calls that are about to queue. */
  check(): void {
    const { state } = this.policy;
    if (state === 'half-open' || (state === 'open' && monotonicMs() < this.untilMs)) throw this.refusal();
  }

  /** Lets a call out, in the place that was taken for it if there is one, or throws the refusal. */
  pass(taken?: number): Pass {
    this.check();
    let place = taken;
    const probe = this.policy.state === 'open';
    if (probe) this.reporting.changed?.('half-open', 0);
    if (place !== this.slowStart.round) {
      if (!probe && !this.slowStart.room) throw this.refusal();
      place = this.slowStart.enter();
    }
    return { place, era: this.era, probe: probe ? this.policy.probe() : undefined };
  }

  /** The call of that pass brought an answer. A promise, after a probe, is settled once the circuit has taken it in. */
  answered(pass: Pass): Promise<void> | undefined {
    return this.ended(pass, 'answered');
  }

  /** The call of that pass failed so. A promise is settled once the circuit has taken it in. */
  failed(pass: Pass, error: unknown): Promise<void> | undefined {
    return this.ended(pass, this.reporting.judge(error));
  }

  private ended({ place, era, probe }: Pass, verdict: Verdict): Promise<void> | undefined {
    if (era !== this.era) return undefined;
    if (verdict === 'answered') this.count(false);
    this.slowStart.leave(place, verdict === 'answered');
    if (probe !== undefined) {
      if (verdict === 'unknown') this.abandoned = true;
      return probe(verdict !== 'answered');
    }
    return verdict === 'failure' ? this.policy.failed() : undefined;
  }

  /** The error of a call that is refused now. */
  refusal(): Error {
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
    if (this.slowStart.limit !== undefined) return true;
    // A circuit that has been closed, and has started, opens for a first time again.
    if (this.state === 'closed') this.openings = 0;
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
      this.reporting.changed?.('open', 0);
      return;
    }
    const { openMs = 5_000, maxOpenMs = 60_000 } = this.rules;
    this.sinceMs = this.openings === 0 ? now : this.sinceMs;
    this.untilMs = now + Math.min(maxOpenMs, openMs * 2 ** this.openings);
    this.openings += 1;
    this.slowStart.stop();
    this.reporting.changed?.('open', this.untilMs - now);
  }

  private closed(): void {
    this.inRow = 0;
    this.window.clear();
    this.slowStart.begin();
    this.reporting.changed?.('closed', 0);
  }
}
