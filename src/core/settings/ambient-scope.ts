import { abortSourceOf, callScope } from '../ports/call-scope';
import type { CallScope } from '../ports/lm';
import { currentFrame } from './frame';
import { settingIn } from './resolve';

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

const NOTHING_GIVEN: CallScope = Object.freeze({});

/**
 * How a call is to be carried out from here: what calls it off, deadline, priority and cache setting of the running code, under
 * whatever the caller says itself.
 */
export function ambientScope(given: CallScope = NOTHING_GIVEN): CallScope {
  const frame = currentFrame();
  const scope: Mutable<Omit<CallScope, 'signal'>> = {};
  const deadlineMs = given.deadlineMs ?? settingIn(frame, 'deadlineMs');
  if (deadlineMs !== undefined) scope.deadlineMs = deadlineMs;
  const cache = given.cache ?? settingIn(frame, 'cache');
  if (cache !== undefined) scope.cache = cache;
  const priority = given.priority ?? settingIn(frame, 'priority');
  if (priority !== undefined) scope.priority = priority;
  if (given.onDelta !== undefined) scope.onDelta = given.onDelta;
  return callScope(abortSourceOf(given) ?? frame.cancellation, scope);
}
