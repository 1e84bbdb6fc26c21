import { type Channel, channel } from 'node:diagnostics_channel';
import { EVENT_KINDS, type EventKind, type TelemetryEvent } from './events';

const channels = new Map<EventKind, Channel>(EVENT_KINDS.map((kind) => [kind, channel(`dspex:${kind}`)]));

/** True while somebody listens to this kind of event; whoever is about to gather facts asks first. */
export function isWatched(kind: EventKind): boolean {
  return channels.get(kind)?.hasSubscribers ?? false;
}

/** Tells an event to whoever listens to its channel. Frozen, since they all get the same object. */
export function publish(event: TelemetryEvent): void {
  channels.get(event.kind)?.publish(Object.freeze(event));
}

/** Calls `listener` with every event of this kind until the returned function is called. The listener must not throw. */
export function listen(kind: EventKind, listener: (event: TelemetryEvent) => void): () => void {
  const onMessage = (message: unknown) => listener(message as TelemetryEvent);
  channels.get(kind)?.subscribe(onMessage);
  return () => void channels.get(kind)?.unsubscribe(onMessage);
}
