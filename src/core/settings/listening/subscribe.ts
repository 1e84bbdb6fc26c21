import { InvalidOptionError } from '../../errors/option-errors';
import { listen } from '../../telemetry/channels';
import { EVENT_KINDS, type EventKind, type TelemetryEvent } from '../../telemetry/events';
import { checkOptions } from '../../util/check-options';
import { monotonicMs } from '../../util/clock';
import { resolveSetting } from '../resolve';

/** Takes events as they happen. What it returns is not awaited; what it throws, or rejects with, is counted and goes no further. */
export type TelemetryListener = (event: TelemetryEvent) => unknown;

export interface SubscribeOptions {
  /** What to be told of; default everything. */
  readonly kinds?: readonly EventKind[];
}

/** A listener at work. */
export interface Subscription {
  /** Events that the listener was given. */
  readonly delivered: number;
  /** Times that the listener threw, or that a promise of it was rejected. */
  readonly failures: number;
  /** Ends it; the listener is told nothing more. */
  close(): void;
}

/** A listener that fails on every event must not fill the log. */
const COMPLAINT_EVERY_MS = 60_000;
const REASON_CHARACTERS = 200;

/**
 * Tells `listener` what goes on: modules, predictors, requests, retries, answers from the cache and so on, each event with the ids of its
 * call tree. A listener cannot harm a call: its errors are counted in `failures` and, at most once a minute, said to the logger of
 * the settings. It runs inside of the call, so it should be quick: put events in a list and work on them later. An option with
 * an unknown kind is an `InvalidOptionError`.
 */
export function subscribe(listener: TelemetryListener, options: SubscribeOptions = {}): Subscription {
  checkOptions('subscribe', options, ['kinds']);
  if (typeof listener !== 'function') throw new InvalidOptionError('subscribe', 'listener', listener, 'a function');
  const { kinds = EVENT_KINDS } = options;
  for (const kind of kinds) {
    if (!EVENT_KINDS.includes(kind)) {
      throw new InvalidOptionError('subscribe', 'kinds', kind, `some of ${EVENT_KINDS.join(', ')}`);
    }
  }
  let delivered = 0;
  let failures = 0;
  let complainedAt = Number.NEGATIVE_INFINITY;
  const fail = (kind: EventKind, error: unknown) => {
    failures += 1;
    const now = monotonicMs();
    if (now - complainedAt < COMPLAINT_EVERY_MS) return;
    complainedAt = now;
    complain({ kind, failures, reason: reasonOf(error) });
  };
  const stops = [...new Set(kinds)].map((kind) =>
    listen(kind, (event) => {
      delivered += 1;
      try {
        const result = listener(event);
        if (isThenable(result)) Promise.resolve(result).catch((error: unknown) => fail(kind, error));
      } catch (error) {
        fail(kind, error);
      }
    }),
  );
  return {
    get delivered() {
      return delivered;
    },
    get failures() {
      return failures;
    },
    close: () => {
      for (const stop of stops) stop();
    },
  };
}

function complain(details: object): void {
  try {
    resolveSetting('logger').value?.warn(
      details,
      'dspex: a listener given to subscribe() fails; the calls go on without it.',
    );
  } catch {
    // Nobody is left to tell: the logger fails too.
  }
}

function reasonOf(error: unknown): string {
  try {
    return String(error).slice(0, REASON_CHARACTERS);
  } catch {
    return 'it cannot be shown';
  }
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value;
}
