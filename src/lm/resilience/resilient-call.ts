import { AllFailedError } from '../../core/errors/clients/routing-errors';
import { CircuitOpenError, LMError, LMTimeoutError } from '../../core/errors/lm-errors';
import { abortSourceOf, scopeWith } from '../../core/ports/call-scope';
import type { CallScope } from '../../core/ports/lm';
import type { LMDelta } from '../../core/primitives/lm-delta';
import { outermostModule } from '../../core/settings/frame';
import type { AbortSource } from '../../core/util/cancellation';
import { monotonicMs } from '../../core/util/clock';
import { Attempt } from './attempt';
import type { Breaker } from './breaker/breaker';
import type { Failures } from './failures';
import type { Limiter } from './limiter/limiter';
import type { LimiterScope } from './limiter/limiter-options';
import type { Retry, RetryScope } from './retry/retry';

/** What a call takes of the limits of its provider. */
export interface CallWeight<A> {
  /** Tokens it will take, estimated before it is sent. */
  readonly tokens?: number;
  /** Tokens it took, as the answer says. */
  readonly spent?: (answer: A) => number;
}

/** What calls of one client have in common. */
export interface ResilienceParts {
  readonly failures: Failures;
  readonly retry: Retry;
  readonly breaker: Breaker | undefined;
  readonly limiter: Limiter;
}

/** What is called, and what is made of its answer and the requests sent. */
export interface ResilientWork<A, R> {
  readonly call: (scope: CallScope) => Promise<A>;
  readonly scope: CallScope;
  readonly deadlineMs: number;
  readonly weight: CallWeight<A>;
  readonly outcome: (answer: A, attempts: number) => R;
}

/**
 * One call, with all its attempts: what limiter, retry and attempt want to know of it. One object that is handed on, because thousands of
 * calls may be in flight and each closure of each of them would live as long as the call.
 */
export class ResilientCall<A, R> implements LimiterScope, RetryScope {
  readonly signal: AbortSource | undefined;
  readonly group = outermostModule();
  private readonly endsAt: number;
  private sent = 0;
  private told = false;
  private lastFailure: unknown;

  constructor(
    readonly parts: ResilienceParts,
    private readonly work: ResilientWork<A, R>,
  ) {
    this.signal = abortSourceOf(work.scope);
    this.endsAt = monotonicMs() + work.deadlineMs;
  }

  /** The outcome of the first attempt, or of those that follow it. */
  run(): Promise<R> {
    return new Promise((resolve, reject) => new Attempt(this, true, resolve, reject).begin());
  }

  /** The outcome of one further attempt. */
  again(): Promise<R> {
    return new Promise((resolve, reject) => new Attempt(this, false, resolve, reject).begin());
  }

  get priority(): number | undefined {
    return this.work.scope.priority;
  }

  get tokens(): number | undefined {
    return this.work.weight.tokens;
  }

  /** Time that is left for the whole call, in milliseconds. */
  get deadlineMs(): number {
    return this.remainingMs();
  }

  remainingMs(): number {
    return this.endsAt - monotonicMs();
  }

  repeatable(): boolean {
    return !this.told;
  }

  /** Sends a request that has so much time, in milliseconds. */
  send(leftMs: number): Promise<A> {
    const { call, scope } = this.work;
    const { onDelta } = scope;
    this.sent += 1;
    if (onDelta === undefined) return call(scopeWith(scope, { deadlineMs: leftMs }));
    const hear = (delta: LMDelta) => {
      this.told = true;
      return onDelta(delta);
    };
    return call(scopeWith(scope, { deadlineMs: leftMs, onDelta: hear }));
  }

  /** The client refused the request itself, for example because there is no key: nothing was sent. */
  heard(error: unknown): void {
    if (error instanceof LMError && error.attempts === 0) this.sent -= 1;
  }

  spent(answer: A): number | undefined {
    return this.work.weight.spent?.(answer);
  }

  outcome(answer: A): R {
    return this.work.outcome(answer, this.sent);
  }

  /** What the caller is told of an attempt that failed so. */
  failureOf(error: unknown): unknown {
    const failure = this.tellingFailure(error);
    if (failure instanceof LMError && !this.signal?.aborted) failure.attempts = this.sent;
    return failure;
  }

  /** The error when the time of the call is over. */
  expired(): LMError {
    return this.parts.failures.expired(this.work.deadlineMs, this.lastFailure);
  }

  private tellingFailure(error: unknown): unknown {
    const before = this.lastFailure;
    // A fallback or a pool sent several requests in one go.
    if (error instanceof AllFailedError) this.sent += Math.max(0, error.attempts - 1);
    // The circuit may open between two attempts; the failure that was paid for says more.
    if (error instanceof CircuitOpenError && before !== undefined) return before;
    const late = error instanceof LMTimeoutError && error.details.partial === undefined && this.remainingMs() <= 1;
    const failure = late && before !== undefined ? this.expired() : error;
    this.lastFailure = error;
    return failure;
  }
}
