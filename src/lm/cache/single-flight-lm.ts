import type { CallScope, LM, LMStats } from '../../core/ports/lm';
import type { LMDelta } from '../../core/primitives/lm-delta';
import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { LMLayer } from '../layer';
import { SingleFlight } from '../resilience/single-flight';
import { keyOf } from './key';

/**
 * The LM, asked once for equal requests in flight: 32 equal calls make one request. A failure is everybody's, but not
 * remembered; a caller who aborts leaves alone, and the last one to leave ends the request. Who joins a stream gets the pieces
 * so far at once; who wants pieces of a request that was sent without gets the whole at its end.
 */
export function singleFlight(lm: LM): LM {
  return new SingleFlightLM(lm);
}

class SingleFlightLM extends LMLayer {
  private readonly flights = new SingleFlight<LMResponse, LMDelta>();

  override generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    const { signal, deadlineMs, onDelta, cache } = scope;
    // Who wants no answer from the cache must not get one by sharing the request of somebody who does.
    const key = cache === false ? `${keyOf(request)} fresh` : keyOf(request);
    return this.flights.run(
      key,
      (flight, onPiece) => {
        const { onDelta: _, ...others } = scope;
        return this.inner.generate(request, {
          ...others,
          signal: flight,
          ...(onPiece === undefined ? {} : { onDelta: onPiece }),
        });
      },
      { signal, deadlineMs, onPiece: onDelta },
    );
  }

  override stats(): LMStats {
    return { ...this.inner.stats(), shared: this.flights.shared };
  }
}
