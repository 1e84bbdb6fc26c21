import type { HeaderFields } from '../retry-after';

/** An answer whose head has come. */
export interface HttpAnswer {
  readonly status: number;
  readonly headers: HeaderFields;
  /** Bytes of the body that have come so far, unpacked where that was wanted. */
  readonly bytesRead: number;
  /** Says that the connection is out of step with its requests: no later request uses one of those that stand now. */
  distrust(): void;
}

/** How the body of an answer is wanted: once it is whole, unpacked or as it was sent (`packed`), or in pieces. */
export type BodyForm = 'whole' | 'packed' | 'pieces';

/**
 * Makes something of the answer to one request. An exchange calls `head`, then `whole` or `pieces`, then `over`. It is an
 * object with members, not a function that waits for things: what lives while thousands of requests are in flight is one of these
 * each, and no promise.
 */
export interface AnswerTaker<T> {
  /** True where the body may be wanted in pieces: `pieces` then runs in the async context of the call. */
  readonly streams: boolean;
  /** The head has come. What it throws ends the exchange. */
  head(answer: HttpAnswer): BodyForm;
  /** What the exchange resolves to; what it throws is what the exchange rejects with. */
  whole(body: Buffer): T;
  /** Settles when it has what it wanted, which may be before the end of the body. */
  pieces(body: AsyncIterable<Uint8Array>): Promise<T>;
  /** The error to reject with, for an error that the exchange, the transport or a member of this ended with. */
  failed(error: unknown): unknown;
  /** The exchange is over. Called once, before whoever waits for it hears of it. */
  over(): void;
}
