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
import type { AbortSource } from '../../core/util/cancellation';
import { wallClockMs } from '../../core/util/clock';
import { onAbort } from '../../core/util/on-abort';

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
  async run<R>(attempt: () => Promise<R>, signal?: AbortSource): Promise<R> {
    for (let tried = 0; ; tried++) {
      try {
        this.begin();
        const result = await attempt();
        this.succeeded();
        return result;
      } catch (error) {
        if (!(await this.outlasts(error, tried, signal))) throw error;
      }
    }
  }

  /** To be called before an attempt. Throws where it would be in vain for every item. */
  begin(): void {
    if (this.empty !== undefined) throw this.empty;
  }

  /** To be called after an attempt that reached the model. */
  succeeded(): void {
    this.lost = false;
  }

  /**
   * To be called when an attempt failed, with the number of attempts before it: true when it was an outage that is worth another
   * attempt, after a wait. False at once when `signal` is aborted.
   */
  async outlasts(error: unknown, tried: number, signal?: AbortSource): Promise<boolean> {
    if (!isOutage(error) || isAborted(signal)) return false;
    // A second item that finds the account empty has the first one's error.
    if (error === this.empty) return false;
    if (error instanceof LMQuotaError) this.empty = error;
    // A budget may be of this item alone: it says nothing about the model or the other items.
    if (error instanceof BudgetExceededError) return false;
    if (!mayRecover(error) || this.lost || tried >= this.options.retries) {
      this.lost = true;
      return false;
    }
    await sleep(this.waitFor(error, tried), signal);
    return !isAborted(signal);
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

function isAborted(signal: AbortSource | undefined): boolean {
  return signal?.aborted === true;
}

/** Until the time is over or the signal fires, whichever is first. */
function sleep(ms: number, signal: AbortSource | undefined): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => {
      unlisten?.();
      resolve();
    }, ms);
    const unlisten =
      signal &&
      onAbort(signal, () => {
        clearTimeout(timer);
        resolve();
      });
  });
}
