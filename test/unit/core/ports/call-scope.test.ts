import { expect, test, vi } from 'vitest';
import { abortSourceOf, callScope, scopeWith } from '../../../../src/core/ports/call-scope';
import { Cancellation } from '../../../../src/core/util/cancellation';

const MARK = Symbol('of some layer');

test('a scope with something replaced keeps the rest, and makes no signal', () => {
  const cancellation = new Cancellation();
  const signal = vi.spyOn(cancellation, 'signal', 'get');
  const onDelta = () => {};
  const scope = callScope(cancellation, { priority: 3, onDelta, [MARK]: 'kept' } as object);
  const narrowed = scopeWith(scope, { deadlineMs: 100 });
  expect(abortSourceOf(narrowed)).toBe(cancellation);
  expect(narrowed).toMatchObject({ priority: 3, onDelta, deadlineMs: 100, [MARK]: 'kept' });
  expect(scope.deadlineMs).toBeUndefined();
  expect(signal).not.toHaveBeenCalled();
  expect(narrowed.signal?.aborted).toBe(false);
  cancellation.abort(new Error('over'));
  expect({ ...narrowed }.signal?.reason).toBe(cancellation.reason);
});

test('of a plain scope its signal is taken over, unless something else calls the call off', () => {
  const { signal } = new AbortController();
  const scope = { signal, cache: false };
  expect(scopeWith(scope, { deadlineMs: 5 })).toEqual({ signal, cache: false, deadlineMs: 5 });
  const cancellation = new Cancellation();
  expect(abortSourceOf(scopeWith(scope, {}, cancellation))).toBe(cancellation);
  expect(abortSourceOf(scopeWith({ cache: false }, { priority: 1 }))).toBeUndefined();
});
