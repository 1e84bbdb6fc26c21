import type { Breaker } from '../../../../src/lm/resilience/breaker/breaker';
import type { Limiter, Permit } from '../../../../src/lm/resilience/limiter/limiter';
import type { LimiterScope } from '../../../../src/lm/resilience/limiter/limiter-options';
import type { Retry, RetryScope } from '../../../../src/lm/resilience/retry/retry';

/** A call through a breaker alone, in the place that was taken for it if there is one. */
export async function throughBreaker<T>(breaker: Breaker, call: () => Promise<T>, place?: number): Promise<T> {
  const pass = breaker.pass(place);
  try {
    const answer = await call();
    await breaker.answered(pass);
    return answer;
  } catch (error) {
    await breaker.failed(pass, error);
    throw error;
  }
}

export interface LimitedScope<T> extends LimiterScope {
  /** Tokens the call took. */
  readonly spent?: (answer: T) => number;
}

/** A call through a limiter alone. */
export async function throughLimiter<T>(
  limiter: Limiter,
  call: (place?: number) => Promise<T>,
  scope: LimitedScope<T> = {},
): Promise<T> {
  const permit: Permit = await limiter.enter(scope);
  let answer: T;
  try {
    answer = await call(permit.place);
  } catch (error) {
    limiter.failed(permit, error);
    throw error;
  }
  limiter.answered(permit, scope.spent?.(answer));
  return answer;
}

/** A call with retries alone. */
export async function withRetries<T>(retry: Retry, call: () => Promise<T>, scope: RetryScope): Promise<T> {
  let failure: unknown;
  try {
    const answer = await call();
    retry.succeeded();
    return answer;
  } catch (error) {
    failure = error;
  }
  const further = retry.recover(failure, call, scope);
  if (further === undefined) throw failure;
  return further;
}
