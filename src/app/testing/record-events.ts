import { type Subscription, subscribe } from '../../core/settings/listening/subscribe';
import type { EventKind, TelemetryEvent } from '../../core/telemetry/events';
import { BrokenLawError } from './broken-law-error';

/** Everything that was told while it listened, for tests such as "exactly one attempt". */
export interface EventRecorder {
  /** In the order of their happening. */
  readonly events: readonly TelemetryEvent[];
  /** Those of a kind, and of a phase when one is given. */
  of(kind: EventKind, phase?: TelemetryEvent['phase']): readonly TelemetryEvent[];
  /** The first event, past or to come, that fits. Rejects with `BrokenLawError` when none came within `timeoutMs` (default 1,000). */
  waitFor(fits: (event: TelemetryEvent) => boolean, timeoutMs?: number): Promise<TelemetryEvent>;
  /** Forgets what was told so far. */
  clear(): void;
  /** Listens no longer; what was recorded stays. */
  close(): void;
}

/** Records telemetry until it is closed: every kind, or those that are named. */
export function recordEvents(...kinds: readonly EventKind[]): EventRecorder {
  const events: TelemetryEvent[] = [];
  const waiting = new Set<(event: TelemetryEvent) => void>();
  const subscription: Subscription = subscribe(
    (event) => {
      events.push(event);
      for (const look of waiting) look(event);
    },
    kinds.length === 0 ? {} : { kinds },
  );
  return {
    events,
    of: (kind, phase) =>
      events.filter((event) => event.kind === kind && (phase === undefined || event.phase === phase)),
    waitFor: (fits, timeoutMs = 1_000) =>
      new Promise((resolve, reject) => {
        const past = events.find(fits);
        if (past !== undefined) return resolve(past);
        const settle = (end: () => void) => {
          clearTimeout(timer);
          waiting.delete(look);
          end();
        };
        const look = (event: TelemetryEvent) => {
          if (fits(event)) settle(() => resolve(event));
        };
        const timer = setTimeout(
          () => settle(() => reject(new BrokenLawError('the event comes', `it did not within ${timeoutMs} ms`))),
          timeoutMs,
        );
        waiting.add(look);
      }),
    clear: () => void events.splice(0),
    close: () => subscription.close(),
  };
}
