import { abortSourceOf, scopeWith } from '../../core/ports/call-scope';
import type { CallScope, LM, LMStats } from '../../core/ports/lm';
import type { LMDelta, OnDelta } from '../../core/primitives/lm-delta';
import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { NO_USAGE } from '../../core/primitives/usage';
import type { Cancellation } from '../../core/util/cancellation';
import { LMLayer } from '../layer';
import { joinedTooLate } from '../resilience/failures';
import { SingleFlight } from '../resilience/single-flight';
import { keyOf } from './key';

/**
 * The LM, asked once for equal requests in flight: 32 equal calls make one request. A failure is everybody's, but not
 * remembered; a caller who aborts leaves alone, and the last one to leave ends the request. Who joins a stream gets the pieces
 * so far at once; who wants pieces of a request that was sent without gets the whole at its end. The usage is the first caller's: the others
 * have one cached call in theirs.
 */
export function singleFlight(lm: LM): LM {
  return new SingleFlightLM(lm);
}

const SHARED_USAGE = Object.freeze({ ...NO_USAGE, cachedCalls: 1 });

class SingleFlightLM extends LMLayer {
  private readonly flights = new SingleFlight<LMResponse, LMDelta>(shared);

  override generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    const { deadlineMs, onDelta, cache } = scope;
    const ask = (flight: Cancellation | undefined, tellAll: OnDelta | undefined) =>
      flight === undefined && tellAll === undefined
        ? this.inner.generate(request, scope)
        : this.inner.generate(request, scopeWith(scope, tellAll === undefined ? {} : { onDelta: tellAll }, flight));
    try {
      const options = {
        signal: abortSourceOf(scope),
        deadlineMs,
        expired: () => joinedTooLate({ model: this.model, endpoint: this.endpoint }, deadlineMs),
        onPiece: onDelta,
        fresh: cache === false,
      };
      return this.flights.run(keyOf(request), ask, options);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  override stats(): LMStats {
    const stats = this.inner.stats();
    return { ...stats, shared: stats.shared + this.flights.shared };
  }
}

/** Paid once, so it must not be in the sum twice. */
function shared(response: LMResponse): LMResponse {
  return response.cached ? response : Object.freeze({ ...response, usage: SHARED_USAGE });
}
