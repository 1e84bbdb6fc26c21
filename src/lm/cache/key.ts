import type { LMRequest } from '../../core/primitives/lm-request';
import { requestKey } from '../../core/primitives/request-key';

let latest: LMRequest | undefined;
let latestKey = '';

/**
 * The canonical key of a request, computed once for the layers that ask one after the other. A request is never changed after it is
 * made. Only the last one is remembered: a map with weak keys would cost as much as all the rest of a hit.
 */
export function keyOf(request: LMRequest): string {
  if (request !== latest) {
    latestKey = requestKey(request);
    latest = request;
  }
  return latestKey;
}
