import type { CallScope } from '../ports/lm';
import { currentSignal } from './frame';
import { resolveSetting } from './resolve';

/**
 * How a call is to be carried out from here: the abort signal, deadline, priority and cache setting of the running code, under
 * whatever the caller says itself.
 */
export function ambientScope(given: CallScope = {}): CallScope {
  const scope: { -readonly [K in keyof CallScope]: CallScope[K] } = {};
  const signal = currentSignal();
  if (signal !== undefined) scope.signal = signal;
  const deadlineMs = resolveSetting('deadlineMs').value;
  if (deadlineMs !== undefined) scope.deadlineMs = deadlineMs;
  const cache = resolveSetting('cache').value;
  if (cache !== undefined) scope.cache = cache;
  const priority = resolveSetting('priority').value;
  if (priority !== undefined) scope.priority = priority;
  return Object.assign(scope, given);
}
