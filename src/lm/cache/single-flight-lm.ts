import type { CallScope, LM, LMStats } from '../../core/ports/lm';
import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { LMLayer } from '../layer';
import { SingleFlight } from '../resilience/single-flight';
import { keyOf } from './key';

/**
 * The LM, asked once for equal requests in flight: 32 equal calls make one request. A failure is everybody's, but not
 * remembered; a caller who aborts leaves alone, and the last one to leave ends the request.
 */
export function singleFlight(lm: LM): LM {
  return new SingleFlightLM(lm);
}

class SingleFlightLM extends LMLayer {
  private readonly flights = new SingleFlight<LMResponse>();

  override generate(request: LMRequest, { signal, deadlineMs }: CallScope = {}): Promise<LMResponse> {
    const limit = deadlineMs === undefined ? {} : { deadlineMs };
    return this.flights.run(keyOf(request), (flight) => this.inner.generate(request, { signal: flight, ...limit }), {
      signal,
      ...limit,
    });
  }

  override stats(): LMStats {
    return { ...this.inner.stats(), shared: this.flights.shared };
  }
}
