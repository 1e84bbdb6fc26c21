import { InvalidOptionError } from '../../core/errors/option-errors';
import { abortSourceOf } from '../../core/ports/call-scope';
import type { CallScope, LMStats } from '../../core/ports/lm';
import { tell } from '../../core/settings/in-span';
import { Breaker } from './breaker/breaker';
import { Failures, noteExhausted, type ResilienceSubject } from './failures';
import { judge, limitSign, retryAdvice } from './judge';
import { Limiter } from './limiter/limiter';
import type { ResilienceSettings } from './resilience-options';
import { type CallWeight, type ResilienceParts, ResilientCall } from './resilient-call';
import { Retry } from './retry/retry';

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
  private readonly parts: ResilienceParts;

  constructor(
    private readonly settings: ResilienceSettings,
    about: ResilienceSubject,
  ) {
    const failures = new Failures(about, settings);
    const { model, endpoint } = about;
    const retry = new Retry({ ...settings, advice: retryAdvice, exhausted: noteExhausted });
    const breaker =
      settings.breaker &&
      new Breaker(settings.breaker, {
        judge,
        refused: (since, until) => failures.refused(since, until),
        changed: (state, openMs) => {
          tell('breaker', () => ({ model, endpoint, state, openMs }));
          // Nobody waits for a turn that would only bring a refusal.
          if (state === 'open' && openMs > 0) limiter.evict(() => breaker?.refusal() ?? failures.closed());
        },
      });
    const limiter = new Limiter({
      ...settings,
      gate: breaker,
      sign: limitSign,
      full: () => failures.full(),
      paused: (waitMs) => failures.paused(waitMs),
      stopped: (cause, waitMs) => failures.stopped(cause, waitMs),
    });
    this.parts = { failures, retry, breaker, limiter };
  }

  get stats(): ResilienceStats {
    const { limiter, breaker } = this.parts;
    const { queued, limitNow: limit, pauseMs } = limiter;
    return { queued, breaker: breaker?.state ?? 'none', limit, pauseMs };
  }

  /**
   * Runs the call with everything this client knows. `call` gets the scope with the time that is left; it is not repeated once a piece
   * of its answer was told to `onDelta`. Rejects with an `LMError` that knows its attempts, or with the signal's reason.
   */
  run<A>(
    call: (scope: CallScope) => Promise<A>,
    scope: CallScope = {},
    weight: CallWeight<A> = {},
  ): Promise<Resilient<A>> {
    return this.answer(call, scope, weight, resilientAnswer);
  }

  /** The same for whoever makes something else of the answer and the requests sent: one promise less for each call. */
  answer<A, R>(
    call: (scope: CallScope) => Promise<A>,
    scope: CallScope,
    weight: CallWeight<A>,
    outcome: (answer: A, attempts: number) => R,
  ): Promise<R> {
    const { priority, deadlineMs = this.settings.deadlineMs } = scope;
    const source = abortSourceOf(scope);
    if (source?.aborted) return Promise.reject(source.reason);
    const wrong = notANumber('priority', priority) ?? notANumber('deadlineMs', deadlineMs);
    if (wrong !== undefined) return Promise.reject(wrong);
    return new ResilientCall(this.parts, { call, scope, deadlineMs, weight, outcome }).run();
  }

  /** Sends requests again at once, whatever pause the server asked for. */
  reset(): void {
    this.parts.limiter.reset();
  }

  /** Refuses the calls that wait for their turn or for a retry, and later ones; those in flight end by themselves. */
  close(): void {
    const { limiter, retry, failures } = this.parts;
    limiter.close(() => failures.closed());
    retry.close();
  }
}

function resilientAnswer<A>(answer: A, attempts: number): Resilient<A> {
  return { answer, attempts, lost: attempts - 1 };
}

/** A queue cannot order what is no number, and all calls behind such a one would wait with it. */
function notANumber(name: string, value: unknown): InvalidOptionError | undefined {
  if (value === undefined || (typeof value === 'number' && !Number.isNaN(value))) return undefined;
  return new InvalidOptionError('generate', name, value, 'a number');
}
