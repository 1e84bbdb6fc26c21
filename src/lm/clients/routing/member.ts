import {
  CircuitOpenError,
  isOutage,
  type LMError,
  LMQueueFullError,
  LMRateLimitError,
} from '../../../core/errors/lm-errors';
import type { LM } from '../../../core/ports/lm';
import { monotonicMs, wallClockMs } from '../../../core/util/clock';

/** No rest of a member is longer, in milliseconds: then one call finds out how it is. */
const MAX_REST_MS = 60_000;

/** One LM of a pool: how busy it is, and whether it is in the rotation. */
export class Member {
  inFlight = 0;
  /** What it failed with last, while it rests. */
  lastFailure: LMError | undefined;
  private restsUntil = Number.NEGATIVE_INFINITY;
  /** Failures in a row that took it out of the rotation. */
  private strikes = 0;

  constructor(
    readonly lm: LM,
    private readonly coolDownMs: number,
  ) {}

  /** Time until it may be asked again, in milliseconds; 0 when it may. */
  get restMs(): number {
    return Math.max(0, this.restsUntil - monotonicMs());
  }

  /** It is back, one call finds out whether it works, and the others had better go elsewhere. */
  get onProbation(): boolean {
    return this.strikes > 0 && this.inFlight > 0;
  }

  answered(): void {
    this.strikes = 0;
    this.lastFailure = undefined;
    this.restsUntil = Number.NEGATIVE_INFINITY;
  }

  /** Takes note of a failure of a call that began at `startedAt`; true when another member may have more luck. */
  failed(error: LMError, startedAt: number): boolean {
    if (!isOutage(error)) {
      // It refused this request, so it works.
      if (error.attempts > 0) this.answered();
      return false;
    }
    // It is busy, not dead.
    if (error instanceof LMQueueFullError) return true;
    const now = monotonicMs();
    this.lastFailure = error;
    // Calls that were in flight together when it died are one strike.
    if (this.strikes > 0 && startedAt < this.restsUntil) return true;
    this.strikes += 1;
    this.restsUntil = now + this.restFor(error);
    return true;
  }

  private restFor(error: LMError): number {
    const { retryAfterMs } = error.details;
    if (error instanceof LMRateLimitError) return clamp(retryAfterMs ?? this.coolDownMs);
    // The circuit's own time, as it was told: a date of this machine's clock.
    if (error instanceof CircuitOpenError) return clamp(error.until.getTime() - wallClockMs());
    return clamp(Math.max(retryAfterMs ?? 0, this.coolDownMs * 2 ** Math.min(10, this.strikes - 1)));
  }
}

function clamp(ms: number): number {
  return Number.isFinite(ms) ? Math.min(MAX_REST_MS, Math.max(1, ms)) : MAX_REST_MS;
}
