import { monotonicMs } from '../../core/util/clock';
import { untilAborted } from './deadline';
import { SharedPieces, type TakePiece } from './shared-pieces';

interface Flight<T, P> {
  readonly promise: Promise<T>;
  /** Absent when the first caller has no signal: then it stays to the end, and so does the flight. */
  readonly controller: AbortController | undefined;
  /** When the flight gives up, on the monotonic clock. */
  readonly endsAt: number;
  /** What has come of the result, when its first caller asked for it in pieces. */
  readonly pieces: SharedPieces<P> | undefined;
  waiters: number;
}

export interface FlightOptions<P = never> {
  /** Lets this caller go with its reason; the flight goes on while anybody else waits. */
  readonly signal?: AbortSignal | undefined;
  /** The deadline that the flight is given, in milliseconds; a call with much more time does not join one with little. */
  readonly deadlineMs?: number | undefined;
  /** Takes the pieces of the result: those so far at once, then live. In a flight that was started without, none come. */
  readonly onPiece?: TakePiece<P> | undefined;
}

/** What is called once for everybody; it tells pieces when it is given something to tell them to. */
type FlightCall<T, P> = (signal: AbortSignal | undefined, onPiece: TakePiece<P> | undefined) => Promise<T>;

/**
 * Equal calls at the same time are one call: later callers wait for the one in flight. Its failure is theirs too, and is
 * forgotten with it. It is aborted when its last waiter has left.
 */
export class SingleFlight<T, P = never> {
  private readonly flights = new Map<string, Flight<T, P>>();
  private joined = 0;

  /** Calls that were answered by another one's flight. */
  get shared(): number {
    return this.joined;
  }

  async run(key: string, call: FlightCall<T, P>, options: FlightOptions<P> = {}): Promise<T> {
    const { signal, deadlineMs = Number.POSITIVE_INFINITY, onPiece } = options;
    signal?.throwIfAborted();
    const endsAt = monotonicMs() + deadlineMs;
    // Calls of one program share a deadline and start moments apart; those may share a flight as well.
    const slackMs = Number.isFinite(deadlineMs) ? Math.max(1000, deadlineMs / 10) : 0;
    let flight = this.flights.get(key);
    let reader: ReturnType<typeof followed> | undefined;
    if (flight !== undefined && flight.endsAt + slackMs >= endsAt) {
      this.joined += 1;
      reader = followed(flight.pieces, onPiece);
    } else {
      const pieces = onPiece === undefined ? undefined : new SharedPieces<P>();
      // The first caller listens before anything can be told.
      reader = followed(pieces, onPiece);
      flight = this.start(key, call, endsAt, pieces, signal && new AbortController());
    }
    flight.waiters += 1;
    try {
      const result = await untilAborted(flight.promise, signal);
      if (reader?.caughtUp !== undefined) await untilAborted(reader.caughtUp(), signal);
      return result;
    } finally {
      reader?.leave();
      flight.waiters -= 1;
      if (flight.waiters === 0) {
        this.forget(key, flight);
        if (signal?.aborted) flight.controller?.abort(signal.reason);
      }
    }
  }

  private start(
    key: string,
    call: FlightCall<T, P>,
    endsAt: number,
    pieces: SharedPieces<P> | undefined,
    controller: AbortController | undefined,
  ): Flight<T, P> {
    const promise = call(controller?.signal, pieces && ((piece) => pieces.push(piece)));
    const flight: Flight<T, P> = { promise, controller, endsAt, pieces, waiters: 0 };
    const forget = () => this.forget(key, flight);
    flight.promise.then(forget, forget);
    this.flights.set(key, flight);
    return flight;
  }

  private forget(key: string, flight: Flight<T, P>): void {
    if (this.flights.get(key) === flight) this.flights.delete(key);
  }
}

/** A caller's part in the pieces of a flight: who takes none must not be held up by those who do. */
function followed<P>(
  pieces: SharedPieces<P> | undefined,
  onPiece: TakePiece<P> | undefined,
): { caughtUp?: () => Promise<void>; leave: () => void } | undefined {
  if (pieces === undefined) return undefined;
  return onPiece === undefined ? { leave: pieces.wait() } : pieces.read(onPiece);
}
