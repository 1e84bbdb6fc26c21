/** The callbacks that share the one listener of a signal. */
const listening = new WeakMap<AbortSignal, Set<() => void>>();

/**
 * Calls `callback` when the signal fires, until the returned function is called. However many wait, the signal carries
 * one listener, so hundreds of calls under one signal neither warn nor slow each other down.
 */
export function onAbort(signal: AbortSignal, callback: () => void): () => void {
  const own = () => callback();
  const callbacks = listening.get(signal) ?? listen(signal);
  callbacks.add(own);
  return () => void callbacks.delete(own);
}

function listen(signal: AbortSignal): Set<() => void> {
  const callbacks = new Set<() => void>();
  listening.set(signal, callbacks);
  signal.addEventListener(
    'abort',
    () => {
      for (const callback of callbacks) callback();
    },
    { once: true },
  );
  return callbacks;
}
