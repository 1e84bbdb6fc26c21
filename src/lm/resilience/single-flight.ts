import { monotonicMs } from '../../core/util/clock';
import { untilAborted } from './deadline';

interface Flight<T> {
  readonly promise: Promise<T>;
  readonly controller: AbortController;
  /** When the flight gives up, on the monotonic clock. */
  readonly endsAt: number;
  waiters: number;
}

export interface FlightOptions {
  /** Lets this caller go with its reason; the flight goes on while anybody else waits. */
  readonly signal?: AbortSignal | undefined;
  /** The deadline that the flight is given, in milliseconds; a call with much more time does not join one with little. */
  readonly deadlineMs?: number | undefined;
}

/**
 * Equal calls at the same time are one call: later callers wait for the one in flight. Its failure is theirs too, and is
 * forgotten with it. It is aborted when its last waiter has left.
 */
export class SingleFlight<T> {
  private readonly flights = new Map<string, Flight<T>>();
  private joined = 0;

  /** Calls that were answered by another one's flight. */
  get shared(): number {
    return this.joined;
  }

  async run(
    key: string,
    call: (signal: AbortSignal) => Promise<T>,
    { signal, deadlineMs = Number.POSITIVE_INFINITY }: FlightOptions = {},
  ): Promise<T> {
    signal?.throwIfAborted();
    const endsAt = monotonicMs() + deadlineMs;
    // Calls of one program share a deadline and start moments apart; those may share a flight as well.
    const slackMs = Number.isFinite(deadlineMs) ? Math.max(1000, deadlineMs / 10) : 0;
    let flight = this.flights.get(key);
    if (flight !== undefined && flight.endsAt + slackMs >= endsAt) this.joined += 1;
    else flight = this.start(key, call, endsAt);
    flight.waiters += 1;
    try {
      return await untilAborted(flight.promise, signal);
    } finally {
      flight.waiters -= 1;
      if (flight.waiters === 0) {
        this.forget(key, flight);
        if (signal?.aborted) flight.controller.abort(signal.reason);
      }
    }
  }

  private start(key: string, call: (signal: AbortSignal) => Promise<T>, endsAt: number): Flight<T> {
    const controller = new AbortController();
    const flight: Flight<T> = { promise: call(controller.signal), controller, endsAt, waiters: 0 };
    const forget = () => this.forget(key, flight);
    flight.promise.then(forget, forget);
    this.flights.set(key, flight);
    return flight;
  }

  private forget(key: string, flight: Flight<T>): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
  }
}
