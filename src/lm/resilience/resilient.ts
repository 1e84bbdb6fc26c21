import {
  CircuitOpenError,
  isRetryable,
  LMClosedError,
  LMError,
  type LMErrorDetails,
  LMQueueFullError,
  LMServerError,
  LMTimeoutError,
  LMTransportError,
} from '../../core/errors/lm-errors';
import type { CallScope, LM, LMStats } from '../../core/ports/lm';
import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { monotonicMs } from '../../core/util/clock';
import { LMLayer } from '../layer';
import { Breaker, type Verdict } from './breaker';
import { withDeadline } from './deadline';
import { Limiter, type LimiterScope } from './limiter';
import { type ResilienceOptions, type ResilienceSettings, resilienceSettings } from './resilience-options';
import { Retry } from './retry';

/**
 * The LM, able to cope: deadline, retries, limiter and circuit breaker, all of them its own, so that
 * the trouble of one provider is not the trouble of another.
 */
export function resilient(lm: LM, options: ResilienceOptions = {}): LM {
  return new ResilientLM(lm, resilienceSettings(options));
}

class ResilientLM extends LMLayer {
  private readonly retry: Retry;
  private readonly breaker: Breaker | undefined;
  private readonly limiter: Limiter;

  constructor(
    inner: LM,
    private readonly settings: ResilienceSettings,
  ) {
    super(inner);
    const details = (): LMErrorDetails => ({ model: inner.model, endpoint: inner.endpoint });
    const name = `${inner.model} at ${inner.endpoint}`;
    const { maxConcurrent, maxQueued, breaker } = settings;
    this.retry = new Retry({ ...settings, retryable: isRetryable, retryAfterMs });
    this.limiter = new Limiter({
      maxConcurrent,
      maxQueued,
      full: () => {
        const error = new LMQueueFullError(
          `${maxConcurrent} requests are in flight and ${maxQueued} calls wait already. Lower the concurrency, or raise maxQueued.`,
          details(),
        );
        error.attempts = 0;
        return error;
      },
    });
    this.breaker =
      breaker &&
      new Breaker(breaker, { judge, refused: (since, until) => new CircuitOpenError(name, since, until, details()) });
  }

  override async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    const { signal } = scope;
    signal?.throwIfAborted();
    const deadlineMs = scope.deadlineMs ?? this.settings.deadlineMs;
    const endsAt = monotonicMs() + deadlineMs;
    const remainingMs = () => endsAt - monotonicMs();
    let sent = 0;
    let lastFailure: unknown;
    const expired = () => this.expired(deadlineMs, lastFailure);
    const send = () => {
      sent += 1;
      const limits = { deadlineMs: Math.max(1, remainingMs()) };
      return this.inner.generate(request, signal === undefined ? limits : { ...limits, signal });
    };
    const attempt = async (): Promise<LMResponse> => {
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
      const work = this.retry.run(attempt, { signal, remainingMs });
      const response = await withDeadline(work, { deadlineMs, signal, expired });
      return sent > 1 ? Object.freeze({ ...response, attempts: sent - 1 + response.attempts }) : response;
    } catch (error) {
      if (error instanceof LMError && !signal?.aborted) error.attempts = sent;
      throw error;
    }
  }

  override stats(): LMStats {
    return { ...this.inner.stats(), queued: this.limiter.queued, breaker: this.breaker?.state ?? 'none' };
  }

  /**
   * A call that the circuit refuses is refused before it queues, and once more when its turn comes. The breaker is inside the
   * limiter's permit, so that a failure is counted before the next call is let out.
   */
  private guarded(call: () => Promise<LMResponse>, scope: LimiterScope): Promise<LMResponse> {
    const { breaker } = this;
    if (breaker === undefined) return this.limiter.run(call, scope);
    breaker.check();
    return this.limiter.run(() => breaker.run(call), scope);
  }

  private expired(deadlineMs: number, lastFailure: unknown): Error {
    const after = lastFailure instanceof Error ? ` The last failure was: ${lastFailure.message}` : '';
    const cause = lastFailure === undefined ? {} : { cause: lastFailure };
    return new LMTimeoutError(`no answer within ${deadlineMs} ms, retries included.${after}`, {
      model: this.model,
      endpoint: this.endpoint,
      ...cause,
    });
  }
}

/** Transport faults, timeouts and 5xx count against a provider; never a 4xx, because one bad request must not block it. */
function judge(error: unknown): Verdict {
  if (!(error instanceof LMError) || error instanceof LMClosedError) return 'unknown';
  const { status } = error.details;
  const down = error instanceof LMTransportError || error instanceof LMTimeoutError || error instanceof LMServerError;
  return down && (status === undefined || status >= 500) ? 'failure' : 'answered';
}

function retryAfterMs(error: unknown): number | undefined {
  return error instanceof LMError ? error.details.retryAfterMs : undefined;
}
