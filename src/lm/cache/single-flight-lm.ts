import { BudgetExceededError } from '../../core/errors/clients/budget-exceeded-error';
import type { CallScope, LM, LMStats } from '../../core/ports/lm';
import type { LMDelta } from '../../core/primitives/lm-delta';
import type { LMRequest } from '../../core/primitives/lm-request';
import type { LMResponse } from '../../core/primitives/lm-response';
import { NO_USAGE } from '../../core/primitives/usage';
import { LMLayer } from '../layer';
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

/** What a caller had of a flight: it sent it, or was told a piece of its answer. */
interface Mine {
  sent: boolean;
  told: boolean;
}

class SingleFlightLM extends LMLayer {
  private readonly flights = new SingleFlight<LMResponse, LMDelta>();

  /** A failure that is not this caller's own, an empty budget of another one, is not taken over: the call is made anew. */
  override async generate(request: LMRequest, scope: CallScope = {}): Promise<LMResponse> {
    const mine: Mine = { sent: false, told: false };
    try {
      const response = await this.share(request, scope, mine);
      // Paid once, so it must not be in the sum twice.
      return mine.sent || response.cached ? response : Object.freeze({ ...response, usage: SHARED_USAGE });
    } catch (error) {
      if (!(error instanceof BudgetExceededError) || mine.sent || mine.told) throw error;
      return this.generate(request, scope);
    }
  }

  private share(request: LMRequest, scope: CallScope, mine: Mine): Promise<LMResponse> {
    const { signal, deadlineMs, onDelta, cache } = scope;
    // Who wants no answer from the cache must not get one by sharing the request of somebody who does.
    const key = cache === false ? `${keyOf(request)} fresh` : keyOf(request);
    const onPiece =
      onDelta &&
      ((piece: LMDelta) => {
        mine.told = true;
        return onDelta(piece);
      });
    return this.flights.run(
      key,
      (flight, tellAll) => {
        mine.sent = true;
        const { onDelta: _, signal: __, ...others } = scope;
        return this.inner.generate(request, {
          ...others,
          ...(flight === undefined ? {} : { signal: flight }),
          ...(tellAll === undefined ? {} : { onDelta: tellAll }),
        });
      },
      { signal, deadlineMs, onPiece },
    );
  }

  override stats(): LMStats {
    const stats = this.inner.stats();
    return { ...stats, shared: stats.shared + this.flights.shared };
  }
}
