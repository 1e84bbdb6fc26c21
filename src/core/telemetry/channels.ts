import { type Channel, channel } from 'node:diagnostics_channel';
import { EVENT_KINDS, type EventKind, type TelemetryEvent } from './events';

const channels = new Map<EventKind, Channel>(EVENT_KINDS.map((kind) => [kind, channel(`dspex:${kind}`)]));

/** True while somebody listens to this kind of event; whoever is about to gather facts asks first. */
export function isWatched(kind: EventKind): boolean {
  return channels.get(kind)?.hasSubscribers ?? false;
}

/** Tells an event to whoever listens to its channel. */
export function publish(event: TelemetryEvent): void {
  channels.get(event.kind)?.publish(event);
}
