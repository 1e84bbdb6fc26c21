import {
  CircuitOpenError,
  isRetryable,
  LMError,
  type LMErrorDetails,
  LMQueueFullError,
  LMTimeoutError,
} from '../../core/errors/lm-errors';
import type { CallScope, LMStats } from '../../core/ports/lm';
import { monotonicMs } from '../../core/util/clock';
import { Breaker } from './breaker/breaker';
import { withDeadline } from './deadline';
import { judge, retryAfterMs } from './judge';
import { Limiter } from './limiter/limiter';
import type { ResilienceSettings } from './resilience-options';
import { Retry } from './retry/retry';

/** What a call takes of the limits of its provider. */
export interface CallWeight<A> {
  /** Tokens it will take, estimated before it is sent. */
  readonly tokens?: number;
  /** Tokens it took, as the answer says. */
  readonly spent?: (answer: A) => number;
}

/** An answer, and the requests it took. */
export interface Resilient<A> {
  readonly answer: A;
  /** Requests sent, the one that was answered included. */
  readonly attempts: number;
  /** Requests sent that brought nothing. */
  readonly lost: number;
}

/** Counters of one client's resilience. */
export interface ResilienceStats {
  readonly queued: number;
  readonly breaker: LMStats['breaker'];
}

/** Whose calls these are, for errors. */
export interface ResilienceSubject {
  readonly model: string;
  readonly endpoint: string;
}

/**
 * Deadline, retries, limiter and circuit breaker of one client, for calls of any kind. Every client has its own, so that the
 * trouble of one (endpoint, model) is not the trouble of another.
 */
export class Resilience {
  private readonly retry: Retry;
  private readonly breaker: Breaker | undefined;
  private readonly limiter: Limiter;

  constructor(
    private readonly settings: ResilienceSettings,
    private readonly about: ResilienceSubject,
  ) {
    const { maxConcurrent, maxQueued, breaker } = settings;
    const name = `${about.model} at ${about.endpoint}`;
    this.retry = new Retry({ ...settings, retryable: isRetryable, retryAfterMs });
    this.limiter = new Limiter({ maxConcurrent, maxQueued, full: () => this.full() });
    this.breaker =
      breaker &&
      new Breaker(breaker, {
        judge,
        refused: (since, until) => new CircuitOpenError(name, since, until, this.details()),
      });
  }

  get stats(): ResilienceStats {
    return { queued: this.limiter.queued, breaker: this.breaker?.state ?? 'none' };
  }

  /**
   * Runs the call with everything this client knows. `call` gets the scope with the time that is left; it is not repeated once a piece
   * of its answer was told to `onDelta`. Rejects with an `LMError` that knows its attempts, or with the signal's reason.
   */
  async run<A>(
    call: (scope: CallScope) => Promise<A>,
    scope: CallScope = {},
    _weight: CallWeight<A> = {},
  ): Promise<Resilient<A>> {
    const { signal, onDelta } = scope;
    signal?.throwIfAborted();
    const deadlineMs = scope.deadlineMs ?? this.settings.deadlineMs;
    const endsAt = monotonicMs() + deadlineMs;
    const remainingMs = () => endsAt - monotonicMs();
    let sent = 0;
    let told = false;
    let lastFailure: unknown;
    const expired = () => this.expired(deadlineMs, lastFailure);
    const hear: Pick<CallScope, 'onDelta'> =
      onDelta === undefined
        ? {}
        : {
            onDelta: (delta) => {
              told = true;
              return onDelta(delta);
            },
          };
    const send = () => {
      sent += 1;
      return call({ ...scope, ...hear, deadlineMs: Math.max(1, remainingMs()) });
    };
    const attempt = async (): Promise<A> => {
      try {
        return await this.guarded(send, { signal, deadlineMs: remainingMs(), expired });
      } catch (error) {
        // The circuit may open between two attempts; the failure that was paid for says more.
        if (error instanceof CircuitOpenError && lastFailure !== undefined) throw lastFailure;
        lastFailure = error;
        throw error;
      }
    };
    try {
      const work = this.retry.run(attempt, { signal, remainingMs, repeatable: () => !told });
      const answer = await withDeadline(work, { deadlineMs, signal, expired });
      return { answer, attempts: sent, lost: sent - 1 };
    } catch (error) {
      if (error instanceof LMError && !signal?.aborted) error.attempts = sent;
      throw error;
    }
  }

  /**
   * A call that the circuit refuses is refused before it queues, and once more when its turn comes. The breaker is inside the
   * limiter's permit, so that a failure is counted before the next call is let out.
   */
  private guarded<A>(call: () => Promise<A>, scope: Parameters<Limiter['run']>[1]): Promise<A> {
    const { breaker } = this;
    if (breaker === undefined) return this.limiter.run(call, scope);
    breaker.check();
    return this.limiter.run(() => breaker.run(call), scope);
  }

  private details(): LMErrorDetails {
    return { model: this.about.model, endpoint: this.about.endpoint };
  }

  private full(): Error {
    const { maxConcurrent, maxQueued } = this.settings;
    const error = new LMQueueFullError(
      `${maxConcurrent} requests are in flight and ${maxQueued} calls wait already. Lower the concurrency, or raise maxQueued.`,
      this.details(),
    );
    error.attempts = 0;
    return error;
  }

  private expired(deadlineMs: number, lastFailure: unknown): Error {
    const after = lastFailure instanceof Error ? ` The last failure was: ${lastFailure.message}` : '';
    const cause = lastFailure === undefined ? {} : { cause: lastFailure };
    return new LMTimeoutError(`no answer within ${deadlineMs} ms, retries included.${after}`, {
      ...this.details(),
      ...cause,
    });
  }
}
