import type { CallScope } from '../ports/lm';
import { currentSignal } from './frame';
import { resolveSetting } from './resolve';

/**
 * How a call is to be carried out from here: the abort signal, deadline, priority and cache setting of the running code, under
 * whatever the caller says itself.
 */
export function ambientScope(given: CallScope = {}): CallScope {
  const signal = currentSignal();
  const deadlineMs = resolveSetting('deadlineMs').value;
  const cache = resolveSetting('cache').value;
  const priority = resolveSetting('priority').value;
  return {
    ...(signal === undefined ? {} : { signal }),
    ...(deadlineMs === undefined ? {} : { deadlineMs }),
    ...(cache === undefined ? {} : { cache }),
    ...(priority === undefined ? {} : { priority }),
    ...given,
  };
}
