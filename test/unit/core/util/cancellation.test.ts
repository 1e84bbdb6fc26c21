import { describe, expect, it } from 'vitest';
import { abortSourceOf, callScope } from '../../../../src/core/ports/call-scope';
import { Cancellation } from '../../../../src/core/util/cancellation';
import { onAbort } from '../../../../src/core/util/on-abort';

describe('Cancellation', () => {
  it('calls its listeners once, in the order they came, with the reason in place', () => {
    const cancellation = new Cancellation();
    const heard: unknown[] = [];
    for (const name of ['first', 'second', 'third']) onAbort(cancellation, () => heard.push(name, cancellation.reason));
    cancellation.abort('because');
    cancellation.abort('again');
    expect(heard).toEqual(['first', 'because', 'second', 'because', 'third', 'because']);
    expect(() => cancellation.throwIfAborted()).toThrow('because');
  });

  it('does not call a listener that left, nor one that another listener took away', () => {
    const cancellation = new Cancellation();
    const heard: string[] = [];
    const leave = onAbort(cancellation, () => heard.push('left before'));
    onAbort(cancellation, () => leaveSecond());
    const leaveSecond = onAbort(cancellation, () => heard.push('taken away'));
    onAbort(cancellation, () => heard.push('stayed'));
    leave();
    cancellation.abort(new Error('over'));
    expect(heard).toEqual(['stayed']);
  });

  it('gives one signal of the platform, in step with it whether it was read before or after', () => {
    const cancellation = new Cancellation();
    const { signal } = cancellation;
    expect(cancellation.signal).toBe(signal);
    expect(signal.aborted).toBe(false);
    const reason = new Error('over');
    cancellation.abort(reason);
    expect(signal.reason).toBe(reason);
    const late = new Cancellation();
    late.abort(reason);
    expect(late.signal.aborted).toBe(true);
    expect(late.signal.reason).toBe(reason);
  });
});

describe('callScope', () => {
  it('is a scope like any other to whoever reads, spreads or copies it', () => {
    const cancellation = new Cancellation();
    const scope = callScope(cancellation, { deadlineMs: 5, cache: false });
    expect(scope.signal).toBe(cancellation.signal);
    expect({ ...scope }).toEqual({ signal: cancellation.signal, deadlineMs: 5, cache: false });
    expect(Object.keys(scope).sort()).toEqual(['cache', 'deadlineMs', 'signal']);
    expect(callScope(undefined, { deadlineMs: 5 })).toEqual({ deadlineMs: 5 });
  });

  it('hands its source to our own layers, and a signal that somebody put in its place otherwise', () => {
    const cancellation = new Cancellation();
    const scope = callScope(cancellation, {});
    expect(abortSourceOf(scope)).toBe(cancellation);
    const other = new AbortController().signal;
    expect(abortSourceOf({ ...scope, signal: other })).toBe(other);
    expect(abortSourceOf({})).toBeUndefined();
    expect(callScope(other, {}).signal).toBe(other);
  });
});
