import type { CallScope, LM, LMStats } from '../../core/ports/lm';
import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { LMLayer } from '../layer';
import { estimateTokens } from './limiter/estimate-tokens';
import { Resilience, type ResilienceStats } from './resilience';
import {
  type ResilienceOptions,
  type ResiliencePreset,
  type ResilienceSettings,
  resilienceSettings,
} from './resilience-options';

/**
 * The LM, able to cope: deadline, retries, limiter and circuit breaker, all of them its own, so that
 * the trouble of one provider is not the trouble of another.
 */
export function resilient(lm: LM, options: ResiliencePreset | ResilienceOptions = {}): ResilientLM {
  return new ResilientLM(lm, resilienceSettings(options));
}

/** An LM with resilience around it; `resilient` makes it. */
export class ResilientLM extends LMLayer {
  private readonly resilience: Resilience;
  /** Estimates cost a walk through the prompt, so they are made only for a limit that needs them. */
  private readonly weighs: boolean;

  constructor(inner: LM, settings: ResilienceSettings) {
    super(inner);
    this.resilience = new Resilience(settings, { model: inner.model, endpoint: inner.endpoint });
    this.weighs = settings.tokensPerMinute !== undefined;
  }

  override generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    const weight = this.weighs ? { tokens: estimateTokens(request), spent: tokensOf } : WEIGHTLESS;
    return this.resilience.answer((limits) => this.inner.generate(request, limits), scope, weight, withLost);
  }

  /** Sends requests again at once, whatever pause the server asked for: for when the account was refilled. */
  reset(): void {
    this.resilience.reset();
  }

  override stats(): LMStats & ResilienceStats {
    const [stats, own] = [this.inner.stats(), this.resilience.stats];
    return { ...stats, ...own, queued: stats.queued + own.queued };
  }

  /** Refuses the calls that wait for their turn, then closes the LM inside, which waits for what is in flight. */
  override close(): Promise<void> {
    this.resilience.close();
    return super.close();
  }
}

const WEIGHTLESS = Object.freeze({});

/** The answer, with the requests that brought nothing. */
function withLost(answer: LMResponse, sent: number): LMResponse {
  const lost = sent - 1;
  if (lost === 0) return answer;
  const usage = Object.freeze({ ...answer.usage, lostAttempts: answer.usage.lostAttempts + lost });
  return Object.freeze({ ...answer, usage, attempts: answer.attempts + lost });
}

function tokensOf({ usage }: LMResponse): number {
  return usage.inputTokens + usage.outputTokens;
}
