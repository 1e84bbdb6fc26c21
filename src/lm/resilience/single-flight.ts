import { BudgetExceededError } from '../../core/errors/clients/budget-exceeded-error';
import { type AbortSource, Cancellation } from '../../core/util/cancellation';
import { monotonicMs } from '../../core/util/clock';
import { onAbort } from '../../core/util/on-abort';
import { sourceWithDeadline, untilAborted } from './deadline';
import { SharedPieces, type SharedReader, type TakePiece } from './shared-pieces';

interface Flight<T, P> {
  readonly key: string;
  readonly work: Promise<T>;
  /** Absent when the first caller cannot be called off: then it stays to the end, and so does the flight. */
  readonly cancellation: Cancellation | undefined;
  /** When the flight gives up, on the monotonic clock. */
  readonly endsAt: number;
  /** What has come of the result, when its first caller asked for it in pieces. */
  readonly pieces: SharedPieces<P> | undefined;
  waiters: number;
}

export interface FlightOptions<P = never> {
  /** Lets this caller go with its reason; the flight goes on while anybody else waits. */
  readonly signal?: AbortSource | undefined;
  /** The deadline that the flight is given, in milliseconds; a call with much more time does not join one with little. */
  readonly deadlineMs?: number | undefined;
  /** The error of a caller whose own time is over before that of the flight it joined; default a plain `Error`. */
  readonly expired?: (() => Error) | undefined;
  /** Takes the pieces of the result: those so far at once, then live. In a flight that was started without, none come. */
  readonly onPiece?: TakePiece<P> | undefined;
  /** Who wants no answer from a cache must not get one by sharing the call of somebody who does; default false. */
  readonly fresh?: boolean;
}

/** What is called once for everybody; it tells pieces when it is given something to tell them to. */
type FlightCall<T, P> = (signal: Cancellation | undefined, onPiece: TakePiece<P> | undefined) => Promise<T>;

/** A caller's part in the pieces of a flight. */
type Part = Pick<SharedReader, 'leave'> & Partial<SharedReader>;

/**
 * Equal calls at the same time are one call: later callers wait for the one in flight. Its failure is theirs too, and is
 * forgotten with it; only the empty budget of its first caller is not: then they call anew, unless they were told a piece already. It
 * is aborted when its last waiter has left.
 */
export class SingleFlight<T, P = never> {
  private readonly flights = new Map<string, Flight<T, P>>();
  private joined = 0;

  /** `asShared` makes what those get who joined, of what the first caller got; default the same. */
  constructor(private readonly asShared: (result: T) => T = (result) => result) {}

  /** Calls that were answered by another one's flight. */
  get shared(): number {
    return this.joined;
  }

  run(key: string, call: FlightCall<T, P>, options: FlightOptions<P> = {}): Promise<T> {
    const { signal, deadlineMs = Number.POSITIVE_INFINITY, fresh = false } = options;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const flightKey = fresh ? `${key} fresh` : key;
    const endsAt = monotonicMs() + deadlineMs;
    // Calls of one program share a deadline and start moments apart; those may share a flight as well.
    const slackMs = Number.isFinite(deadlineMs) ? Math.max(1000, deadlineMs / 10) : 0;
    const flight = this.flights.get(flightKey);
    return flight !== undefined && flight.endsAt + slackMs >= endsAt
      ? this.join(flight, key, call, options, endsAt < flight.endsAt)
      : this.lead(flightKey, call, endsAt, options);
  }

  private lead(key: string, call: FlightCall<T, P>, endsAt: number, { signal, onPiece }: FlightOptions<P>): Promise<T> {
    const cancellation = signal && new Cancellation();
    const pieces = onPiece && new SharedPieces<P>();
    // The first caller listens before anything can be told.
    const part = pieces && onPiece && pieces.read(onPiece);
    let work: Promise<T>;
    try {
      work = call(cancellation, pieces && ((piece) => pieces.push(piece)));
    } catch (error) {
      return Promise.reject(error);
    }
    const flight: Flight<T, P> = { key, work, cancellation, endsAt, pieces, waiters: 0 };
    this.flights.set(key, flight);
    return this.wait(flight, part, signal);
  }

  /** `leavesFirst` says that the caller has less time than the flight, which so does not keep its deadline for it. */
  private async join(
    flight: Flight<T, P>,
    key: string,
    call: FlightCall<T, P>,
    options: FlightOptions<P>,
    leavesFirst: boolean,
  ): Promise<T> {
    const { signal, deadlineMs = Number.POSITIVE_INFINITY, onPiece } = options;
    const expired = options.expired ?? (() => new Error(`not done within ${deadlineMs} ms`));
    const own = leavesFirst ? sourceWithDeadline(signal, deadlineMs, expired) : undefined;
    this.joined += 1;
    let told = false;
    const take =
      onPiece &&
      ((piece: P) => {
        told = true;
        return onPiece(piece);
      });
    try {
      return this.asShared(await this.wait(flight, partIn(flight.pieces, take), own?.source ?? signal));
    } catch (error) {
      if (!(error instanceof BudgetExceededError) || told) throw error;
      return this.run(key, call, options);
    } finally {
      own?.stop();
    }
  }

  private wait(flight: Flight<T, P>, part: Part | undefined, signal: AbortSource | undefined): Promise<T> {
    flight.waiters += 1;
    if (part !== undefined) return this.follow(flight, part, signal);
    // Nearly every call is alone and takes no pieces: it waits on one promise, and listens once.
    return new Promise<T>((resolve, reject) => {
      const unlisten =
        signal &&
        onAbort(signal, () => {
          reject(signal.reason);
          this.left(flight, signal);
        });
      flight.work.then(
        (result) => {
          unlisten?.();
          this.forget(flight);
          resolve(result);
        },
        (error: unknown) => {
          unlisten?.();
          this.forget(flight);
          reject(error);
        },
      );
    });
  }

  private async follow(flight: Flight<T, P>, part: Part, signal: AbortSource | undefined): Promise<T> {
    const forget = () => this.forget(flight);
    flight.work.then(forget, forget);
    try {
      const result = await untilAborted(flight.work, signal);
      if (part.caughtUp !== undefined) await untilAborted(part.caughtUp(), signal);
      return result;
    } finally {
      part.leave();
      this.left(flight, signal);
    }
  }

  private left(flight: Flight<T, P>, signal: AbortSource | undefined): void {
    flight.waiters -= 1;
    if (flight.waiters > 0) return;
    this.forget(flight);
    if (signal?.aborted) flight.cancellation?.abort(signal.reason);
  }

  private forget(flight: Flight<T, P>): void {
    if (this.flights.get(flight.key) === flight) this.flights.delete(flight.key);
  }
}

/** Who takes no pieces must not be held up by those who do. */
function partIn<P>(pieces: SharedPieces<P> | undefined, take: TakePiece<P> | undefined): Part | undefined {
  if (pieces === undefined) return undefined;
  return take === undefined ? { leave: pieces.wait() } : pieces.read(take);
}
