import { setMaxListeners } from 'node:events';

/**
 * Calls `callback` when the signal fires, until the returned function is called. For waits that end with their call: however
 * many calls share a signal, each takes its listener away, so their number is no leak and Node need not warn of it.
 */
export function whenAborted(signal: AbortSignal, callback: () => void): () => void {
  setMaxListeners(0, signal);
  signal.addEventListener('abort', callback, { once: true });
  return () => signal.removeEventListener('abort', callback);
}
