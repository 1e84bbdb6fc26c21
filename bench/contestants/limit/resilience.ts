import {
  bulkhead,
  ConsecutiveBreaker,
  circuitBreaker,
  ExponentialBackoff,
  handleAll,
  retry,
  TimeoutStrategy,
  timeout,
  wrap,
} from 'cockatiel';
import type { OpenWorkload } from '../../harness/workload';
import { addedCost } from '../added-cost';
import { INSTANT_ANSWER } from '../task';

/** Retries, breaker, limiter and deadline put together by hand of one library; no cache, no single-flight, no requests a minute. */
export const openResilience: OpenWorkload = async () => {
  const policy = wrap(
    retry(handleAll, { maxAttempts: 2, backoff: new ExponentialBackoff() }),
    circuitBreaker(handleAll, { halfOpenAfter: 5000, breaker: new ConsecutiveBreaker(10) }),
    bulkhead(256, 10_000),
    timeout(300_000, TimeoutStrategy.Aggressive),
  );
  const instant = () => Promise.resolve(INSTANT_ANSWER);
  const bare = async (count: number) => {
    for (let index = 0; index < count; index += 1) await instant();
  };
  const stack = async (count: number) => {
    for (let index = 0; index < count; index += 1) await policy.execute(instant);
  };
  const round = addedCost(bare, stack);
  await round();
  return { outputs: () => policy.execute(instant), round };
};
