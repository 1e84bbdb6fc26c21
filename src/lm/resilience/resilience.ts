import { AllFailedError } from '../../core/errors/clients/routing-errors';
import { CircuitOpenError, LMError, LMTimeoutError } from '../../core/errors/lm-errors';
import { InvalidOptionError } from '../../core/errors/option-errors';
import type { CallScope, LMStats } from '../../core/ports/lm';
import { outermostModule } from '../../core/settings/frame';
import { tell } from '../../core/settings/in-span';
import { monotonicMs } from '../../core/util/clock';
import { Breaker } from './breaker/breaker';
import { withDeadline } from './deadline';
import { Failures, noteExhausted, type ResilienceSubject } from './failures';
import { judge, limitSign, retryAdvice } from './judge';
import { Limiter } from './limiter/limiter';
import type { LimiterScope } from './limiter/limiter-options';
import type { ResilienceSettings } from './resilience-options';
import { Retry } from './retry/retry';

/**
 * Time that an attempt gets beyond its deadline, in milliseconds. A client that keeps its deadline knows best what it was waiting for; this
 * one ends the wait for one that does not.
 */
const GRACE_MS = 20;

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

/** How one client's resilience stands. */
export interface ResilienceStats {
  /** Calls that wait for their turn. */
  readonly queued: number;
  readonly breaker: LMStats['breaker'];
  /** Most requests in flight for now: less than `maxConcurrent` after the server said 429. */
  readonly limit: number;
  /** How long no request is sent because the server asked for it, in milliseconds. */
  readonly pauseMs: number;
}

/**
 * Deadline, retries, limiter and circuit breaker of one client, for calls of any kind. Every client has its own, so that the
 * trouble of one (endpoint, model) is not the trouble of another. A call that waits for its retry holds no permit of the limiter.
 */
export class Resilience {
  private readonly failures: Failures;
  private readonly retry: Retry;
  private readonly breaker: Breaker | undefined;
  private readonly limiter: Limiter;

  constructor(
    private readonly settings: ResilienceSettings,
    about: ResilienceSubject,
  ) {
    const failures = new Failures(about, settings);
    const { model, endpoint } = about;
    this.failures = failures;
    this.retry = new Retry({ ...settings, advice: retryAdvice, exhausted: noteExhausted });
    this.breaker =
      settings.breaker &&
      new Breaker(settings.breaker, {
        judge,
        refused: (since, until) => failures.refused(since, until),
        changed: (state, openMs) => {
          tell('breaker', () => ({ model, endpoint, state, openMs }));
          // Nobody waits for a turn that would only bring a refusal.
          if (state === 'open' && openMs > 0) this.limiter.evict(() => this.breaker?.refusal() ?? failures.closed());
        },
      });
    this.limiter = new Limiter({
      ...settings,
      gate: this.breaker,
      sign: limitSign,
      full: () => failures.full(),
      paused: (waitMs) => failures.paused(waitMs),
      stopped: (cause, waitMs) => failures.stopped(cause, waitMs),
    });
  }

  get stats(): ResilienceStats {
    const { queued, limitNow: limit, pauseMs } = this.limiter;
    return { queued, breaker: this.breaker?.state ?? 'none', limit, pauseMs };
  }

  /**
   * Runs the call with everything this client knows. `call` gets the scope with the time that is left; it is not repeated once a piece
   * of its answer was told to `onDelta`. Rejects with an `LMError` that knows its attempts, or with the signal's reason.
   */
  async run<A>(
    call: (scope: CallScope) => Promise<A>,
    scope: CallScope = {},
    weight: CallWeight<A> = {},
  ): Promise<Resilient<A>> {
    const { signal, onDelta, priority, deadlineMs = this.settings.deadlineMs } = scope;
    signal?.throwIfAborted();
    checkNumbers({ priority, deadlineMs });
    const endsAt = monotonicMs() + deadlineMs;
    const remainingMs = () => endsAt - monotonicMs();
    const group = outermostModule();
    let sent = 0;
    let told = false;
    let lastFailure: unknown;
    const expired = () => this.failures.expired(deadlineMs, lastFailure);
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
      const leftMs = Math.max(1, remainingMs());
      // A call that listens to nothing holds neither permit nor probe for longer than its time.
      const work = call({ ...scope, ...hear, deadlineMs: leftMs }).catch((error: unknown) => {
        // The client refused the request itself, for example because there is no key.
        if (error instanceof LMError && error.attempts === 0) sent -= 1;
        throw error;
      });
      return withDeadline(work, { deadlineMs: leftMs + GRACE_MS, signal, expired });
    };
    const attempt = async (): Promise<A> => {
      try {
        return await this.guarded(send, { signal, deadlineMs: remainingMs(), expired, priority, group, ...weight });
      } catch (error) {
        // A fallback or a pool sent several requests in one go.
        if (error instanceof AllFailedError) sent += Math.max(0, error.attempts - 1);
        // The circuit may open between two attempts; the failure that was paid for says more.
        if (error instanceof CircuitOpenError && lastFailure !== undefined) throw lastFailure;
        const late = error instanceof LMTimeoutError && error.details.partial === undefined && remainingMs() <= 1;
        const failure = late && lastFailure !== undefined ? this.failures.expired(deadlineMs, lastFailure) : error;
        lastFailure = error;
        throw failure;
      }
    };
    try {
      const answer = await this.retry.run(attempt, { signal, remainingMs, repeatable: () => !told });
      return { answer, attempts: sent, lost: sent - 1 };
    } catch (error) {
      if (error instanceof LMError && !signal?.aborted) error.attempts = sent;
      throw error;
    }
  }

  /** Sends requests again at once, whatever pause the server asked for. */
  reset(): void {
    this.limiter.reset();
  }

  /** Refuses the calls that wait for their turn or for a retry, and later ones; those in flight end by themselves. */
  close(): void {
    this.limiter.close(() => this.failures.closed());
    this.retry.close();
  }

  /**
   * A call that the circuit refuses is refused before it queues, and once more when its turn comes. The breaker is inside the
   * limiter's permit, so that a failure is counted before the next call is let out.
   */
  private guarded<A>(call: () => Promise<A>, scope: LimiterScope<A>): Promise<A> {
    const { breaker } = this;
    if (breaker === undefined) return this.limiter.run(call, scope);
    breaker.check();
    return this.limiter.run((place) => breaker.run(call, place), scope);
  }
}

/** A queue cannot order what is no number, and all calls behind such a one would wait with it. */
function checkNumbers(numbers: Readonly<Record<string, unknown>>): void {
  for (const [name, value] of Object.entries(numbers)) {
    if (value === undefined || (typeof value === 'number' && !Number.isNaN(value))) continue;
    throw new InvalidOptionError('generate', name, value, 'a number');
  }
}
