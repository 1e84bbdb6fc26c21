import type { LMRequest } from '../../core/primitives/lm-request';
import { requestKey } from '../../core/primitives/request-key';

const known = new WeakMap<LMRequest, string>();

/** The canonical key of a request, computed once however many layers ask. A request is never changed after it is made. */
export function keyOf(request: LMRequest): string {
  let key = known.get(request);
  if (key === undefined) {
    key = requestKey(request);
    known.set(request, key);
  }
  return key;
}
