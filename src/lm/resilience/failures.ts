import {
  CircuitOpenError,
  LMClosedError,
  LMError,
  type LMErrorDetails,
  LMQueueFullError,
  LMQuotaError,
  LMRateLimitError,
  LMTimeoutError,
} from '../../core/errors/lm-errors';
import type { ResilienceSettings } from './resilience-options';

/** Whose calls these are, for errors. */
export interface ResilienceSubject {
  readonly model: string;
  readonly endpoint: string;
  readonly provider?: string;
}

/** The failures that resilience itself finds, about one client. */
export class Failures {
  private readonly details: LMErrorDetails;

  constructor(
    { model, endpoint, provider }: ResilienceSubject,
    private readonly settings: ResilienceSettings,
  ) {
    this.details = { model, endpoint, ...(provider === undefined ? {} : { provider }) };
  }

  /** The circuit is open. */
  refused(since: Date, until: Date): LMError {
    return new CircuitOpenError(`${this.details.model} at ${this.details.endpoint}`, since, until, this.details);
  }

  /** The queue is full. */
  full(): LMError {
    const { maxConcurrent, maxQueued } = this.settings;
    const message = `${maxConcurrent} requests are in flight and ${maxQueued} calls wait already. Lower the concurrency, or raise maxQueued.`;
    return unsent(new LMQueueFullError(message, this.details));
  }

  /** The server asked for a pause that is longer than the call has time. */
  paused(waitMs: number): LMError {
    const message = `The server asked for a pause, and its ${seconds(waitMs)} are more than this call has: no request was sent.`;
    return unsent(
      new LMRateLimitError(message, { ...this.details, retryAfterMs: Math.ceil(waitMs), shouldRetry: false }),
    );
  }

  /** Money or quota is spent, as an earlier call was told. */
  stopped(cause: unknown, waitMs: number): LMError {
    const said = cause instanceof Error ? cause.message : String(cause);
    const status = cause instanceof LMError ? cause.details.status : undefined;
    const providerCode = cause instanceof LMError ? cause.details.providerCode : undefined;
    const message =
      `Another call was told that money or quota is spent, so no request is sent for ${seconds(waitMs)}: ${said} ` +
      'Refill the account, or ask another model.';
    return unsent(
      new LMQuotaError(message, {
        ...this.details,
        ...(status === undefined ? {} : { status }),
        ...(providerCode === undefined ? {} : { providerCode }),
        cause,
      }),
    );
  }

  /** The client was closed. */
  closed(): LMError {
    return new LMClosedError('The client was closed.', this.details);
  }

  /** The time of a call is over; `last` is what its last attempt died of. */
  expired(deadlineMs: number, last: unknown): LMError {
    const after = last instanceof Error ? ` The last failure was: ${last.message}` : '';
    return new LMTimeoutError(`no answer within ${Math.round(deadlineMs)} ms, retries included.${after}`, {
      ...this.details,
      ...(last === undefined ? {} : { cause: last }),
    });
  }
}

/** The time of a call is over that waits for the request of an equal one, which has more time. It sent nothing itself. */
export function joinedTooLate(about: LMErrorDetails, deadlineMs = Number.POSITIVE_INFINITY): LMError {
  const message = `no answer within ${Math.round(deadlineMs)} ms to the request of an equal call, which goes on.`;
  return unsent(new LMTimeoutError(message, about));
}

/** Says on a failure that it would have been tried again. */
export function noteExhausted(error: unknown): void {
  if (!(error instanceof LMError) || error.message.endsWith(EXHAUSTED)) return;
  error.message += EXHAUSTED;
}

const EXHAUSTED = ' (Not tried again: too many calls of this client fail, and its budget for retries is spent.)';

function unsent(error: LMError): LMError {
  error.attempts = 0;
  return error;
}

function seconds(ms: number): string {
  return `${Math.ceil(ms / 1000)} s`;
}
