import { type AbortSource, Cancellation } from './cancellation';

/** What waits for one signal, behind the one listener that the signal carries for all of it. */
interface Waiting {
  readonly callbacks: Set<() => void>;
  readonly listener: () => void;
}

const waiting = new WeakMap<AbortSignal, Waiting>();

/**
 * Calls `callback` when the signal fires, until the returned function is called. However many wait, the signal carries one listener, and
 * none once the last of them is gone: calls under one signal neither warn, nor slow each other down, nor leave anything on a
 * signal that lives on. A callback must not throw.
 */
export function onAbort(signal: AbortSource, callback: () => void): () => void {
  if (signal instanceof Cancellation) return signal.listen(() => callback());
  const own = () => callback();
  const { callbacks, listener } = waiting.get(signal) ?? listen(signal);
  callbacks.add(own);
  return () => {
    if (!callbacks.delete(own) || callbacks.size > 0) return;
    signal.removeEventListener('abort', listener);
    if (waiting.get(signal)?.callbacks === callbacks) waiting.delete(signal);
  };
}

function listen(signal: AbortSignal): Waiting {
  const callbacks = new Set<() => void>();
  const listener = () => {
    for (const callback of callbacks) callback();
  };
  const made: Waiting = { callbacks, listener };
  waiting.set(signal, made);
  signal.addEventListener('abort', listener, { once: true });
  return made;
}
