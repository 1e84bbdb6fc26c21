import type { CallScope, LM, LMStats } from '../../core/ports/lm';
import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { LMLayer } from '../layer';
import { Resilience } from './resilience';
import { type ResilienceOptions, type ResilienceSettings, resilienceSettings } from './resilience-options';

/**
 * The LM, able to cope: deadline, retries, limiter and circuit breaker, all of them its own, so that
 * the trouble of one provider is not the trouble of another.
 */
export function resilient(lm: LM, options: ResilienceOptions = {}): LM {
  return new ResilientLM(lm, resilienceSettings(options));
}

class ResilientLM extends LMLayer {
  private readonly resilience: Resilience;

  constructor(inner: LM, settings: ResilienceSettings) {
    super(inner);
    this.resilience = new Resilience(settings, { model: inner.model, endpoint: inner.endpoint });
  }

  override async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    const { answer, lost } = await this.resilience.run((limits) => this.inner.generate(request, limits), scope);
    if (lost === 0) return answer;
    const usage = Object.freeze({ ...answer.usage, lostAttempts: answer.usage.lostAttempts + lost });
    return Object.freeze({ ...answer, usage, attempts: answer.attempts + lost });
  }

  override stats(): LMStats {
    return { ...this.inner.stats(), ...this.resilience.stats };
  }
}
