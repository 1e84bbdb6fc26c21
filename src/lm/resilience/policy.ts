import { CircuitState, ConstantBackoff, circuitBreaker, handleWhen, retry } from 'cockatiel';

/** The only user of cockatiel: what dspex needs of its retry and breaker, with what it gets wrong kept out of reach. */

/** Runs a function again while it fails in a handled way. */
export interface RetryPolicy {
  execute<T>(call: (attempt: number) => Promise<T>): Promise<T>;
}

/**
 * At most `attempts` runs, for errors that `handles` accepts. It does not wait in between: cockatiel's sleep cannot be
 * aborted and leaves its timer behind, so the caller sleeps at the head of an attempt.
 */
export function retryPolicy(attempts: number, handles: (error: Error) => boolean): RetryPolicy {
  const policy = retry(handleWhen(handles), { maxAttempts: attempts - 1, backoff: new ConstantBackoff(0) });
  return { execute: (call) => policy.execute(({ attempt }) => call(attempt)) };
}

/** What decides whether a breaker opens, and what it tells of its changes. */
export interface BreakerHooks {
  /** A failure while the circuit is closed; true opens it. */
  readonly onFailure: () => boolean;
  readonly onOpen: () => void;
  readonly onClose: () => void;
}

/** A circuit: closed, open, or half-open while one probe runs. */
export interface BreakerPolicy {
  readonly state: 'closed' | 'open' | 'half-open';
  /** A call failed while the circuit was closed. Settled once that has had its effect. */
  failed(): Promise<void>;
  /** The open circuit is half-open until the returned function says whether the probe failed. Settled once that has had its effect. */
  probe(): (failed: boolean) => Promise<void>;
}

class Failed extends Error {}

/**
 * cockatiel's state machine, without its clock: an open circuit takes the next call as its probe, so whoever uses it keeps
 * the time (cockatiel reads the wall clock), and keeps others away while a probe runs (cockatiel lets them all wait, then
 * lets them all through and forgets their signals). Calls do not run inside it: it only hears of failures and of probes, so one that
 * succeeds while the circuit is closed, as nearly all do, costs it nothing.
 */
export function breakerPolicy({ onFailure, onOpen, onClose }: BreakerHooks): BreakerPolicy {
  const policy = circuitBreaker(
    handleWhen((error) => error instanceof Failed),
    {
      halfOpenAfter: Number.NEGATIVE_INFINITY,
      breaker: { state: undefined, success: () => undefined, failure: onFailure },
    },
  );
  policy.onBreak(onOpen);
  policy.onReset(onClose);
  const told = async (outcome: () => Promise<void>) => {
    try {
      await policy.execute(outcome);
    } catch (error) {
      if (!(error instanceof Failed)) throw error;
    }
  };
  return {
    get state() {
      if (policy.state === CircuitState.Closed) return 'closed';
      return policy.state === CircuitState.HalfOpen ? 'half-open' : 'open';
    },
    failed: () => told(() => Promise.reject(new Failed())),
    probe: () => {
      let end: (failed: boolean) => void = () => undefined;
      const outcome = new Promise<void>((resolve, reject) => {
        end = (failed) => (failed ? reject(new Failed()) : resolve());
      });
      const effect = told(() => outcome);
      return (failed) => {
        end(failed);
        return effect;
      };
    },
  };
}
