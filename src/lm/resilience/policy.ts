import { CircuitState, ConstantBackoff, circuitBreaker, handleWhen, retry } from 'cockatiel';

/** The only user of cockatiel: what dspex needs of its retry and breaker, with what it gets wrong kept out of reach. */

/** Runs a function again while it fails in a handled way. */
export interface RetryPolicy {
  execute<T>(call: (attempt: number) => Promise<T>, signal: AbortSignal | undefined): Promise<T>;
}

/**
 * At most `attempts` runs, for errors that `handles` accepts. It does not wait in between: cockatiel's sleep cannot be
 * aborted and leaves its timer behind, so the caller sleeps at the head of an attempt.
 */
export function retryPolicy(attempts: number, handles: (error: Error) => boolean): RetryPolicy {
  const policy = retry(handleWhen(handles), { maxAttempts: attempts - 1, backoff: new ConstantBackoff(0) });
  return { execute: (call, signal) => policy.execute(({ attempt }) => call(attempt), signal) };
}

/** What decides whether a breaker opens, and what it tells of its changes. */
export interface BreakerHooks {
  readonly handles: (error: Error) => boolean;
  readonly onSuccess: () => void;
  /** True opens the circuit. */
  readonly onFailure: () => boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/** A circuit: closed, open, or half-open while one probe runs. */
export interface BreakerPolicy {
  readonly state: 'closed' | 'open' | 'half-open';
  execute<T>(call: () => Promise<T>): Promise<T>;
}

/**
 * cockatiel's state machine, without its clock: an open circuit takes the next call as its probe, so whoever uses it keeps
 * the time (cockatiel reads the wall clock), and keeps others away while a probe runs (cockatiel lets them all wait, then
 * lets them all through and forgets their signals).
 */
export function breakerPolicy({ handles, onSuccess, onFailure, onOpen, onClose }: BreakerHooks): BreakerPolicy {
  const policy = circuitBreaker(handleWhen(handles), {
    halfOpenAfter: Number.NEGATIVE_INFINITY,
    breaker: { state: undefined, success: onSuccess, failure: onFailure },
  });
  policy.onBreak(onOpen);
  policy.onReset(onClose);
  return {
    get state() {
      if (policy.state === CircuitState.Closed) return 'closed';
      return policy.state === CircuitState.HalfOpen ? 'half-open' : 'open';
    },
    execute: (call) => policy.execute(call),
  };
}
