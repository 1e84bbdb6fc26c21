import { setTimeout as sleep } from 'node:timers/promises';
import { BudgetExceededError } from '../../core/errors/clients/budget-exceeded-error';
import { UnknownRecordingError } from '../../core/errors/clients/recording-errors';
import {
  CircuitOpenError,
  isOutage,
  LMAuthError,
  LMClosedError,
  LMError,
  LMQuotaError,
} from '../../core/errors/lm-errors';
import { wallClockMs } from '../../core/util/clock';

export interface PatienceOptions {
  /** Further tries of one item while the model is out of reach. */
  readonly retries: number;
  /** Wait before the first of them, in milliseconds; it doubles each time. */
  readonly waitMs: number;
}

/** No wait is longer than a minute, whatever a server asks for. */
const LONGEST_WAIT_MS = 60_000;

/**
 * Waits out outages: an item that failed because the model was not reached is tried again a few times. Shared by the
 * items of one run: once an item has waited in vain, the others do not wait until one of them gets through, and once an account is
 * empty no other item is tried.
 */
export class OutagePatience {
  private lost = false;
  private empty: LMQuotaError | undefined;

  constructor(private readonly options: PatienceOptions) {}

  /** Runs `attempt`, again after outages; rejects with its last error. */
  async run<R>(attempt: () => Promise<R>, signal?: AbortSignal): Promise<R> {
    for (let tried = 0; ; tried++) {
      if (this.empty !== undefined) throw this.empty;
      try {
        const result = await attempt();
        this.lost = false;
        return result;
      } catch (error) {
        if (!isOutage(error) || signal?.aborted === true) throw error;
        if (error instanceof LMQuotaError) this.empty = error;
        // A budget may be of this item alone: it says nothing about the model or the other items.
        if (error instanceof BudgetExceededError) throw error;
        if (!mayRecover(error) || this.lost || tried >= this.options.retries) {
          this.lost = true;
          throw error;
        }
        await sleep(this.waitFor(error, tried), undefined, { ref: true, ...(signal ? { signal } : {}) });
      }
    }
  }

  private waitFor(error: unknown, tried: number): number {
    const own = this.options.waitMs * 2 ** tried;
    const asked = error instanceof LMError ? (error.details.retryAfterMs ?? 0) : 0;
    const closed = error instanceof CircuitOpenError ? error.until.getTime() - wallClockMs() : 0;
    return Math.min(LONGEST_WAIT_MS, Math.max(own, asked, closed));
  }
}

/** A wrong key, an empty account, a closed client or a gap in a recording does not mend itself. */
function mayRecover(error: unknown): boolean {
  return ![LMAuthError, LMQuotaError, LMClosedError, UnknownRecordingError].some(
    (hopeless) => error instanceof hopeless,
  );
}
