import type { AbortSource } from '../../../core/util/cancellation';
import type { HeaderFields } from '../retry-after';
import type { Connecting } from './connecting';
import type { ExchangeLimits } from './exchange-clock';
import type { FailurePlace } from './transport-failure';

export interface HttpRequest extends ExchangeLimits, Omit<FailurePlace, 'maxResponseBytes'> {
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Aborting rejects with its reason. */
  readonly signal?: AbortSource | undefined;
  /** Sent by POST; without one the request is a GET. */
  readonly body?: string;
}

/** A request as undici takes it. Its own clocks are off: ours looks at all of it. */
export interface SentRequest {
  readonly origin: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly method: 'GET' | 'POST';
  readonly body: string | null;
  readonly headersTimeout: 0;
  readonly bodyTimeout: 0;
}

/** How undici lets an exchange be held and given up, once it is on a socket. */
export interface SocketControl {
  abort(reason: Error): void;
  pause(): void;
  resume(): void;
}

/** What undici tells of one request. */
export interface AnswerHandler {
  /** The request is on a socket. */
  onRequestStart(control: SocketControl): void;
  /** A head has come: that of the answer, or one before it. */
  onResponseStart(control: SocketControl, status: number, headers: HeaderFields): void;
  /** A part of the body has come. */
  onResponseData(control: SocketControl, part: Buffer): void;
  /** The answer is whole. */
  onResponseEnd(): void;
  /** The request or its connection failed, or was given up. */
  onResponseError(control: SocketControl | undefined, error: unknown): void;
}

/** An open agent, as an exchange sees it. */
export interface Route {
  readonly connecting: Connecting;
  readonly maxResponseBytes: number;
  /** Does not throw: `handler` is told of every failure. */
  send(request: SentRequest, handler: AnswerHandler): void;
  /** Sends nothing new through this agent. */
  retire(): void;
}

/** Ends a connection in the making that nobody waits for any more. */
export class UnwantedConnection extends Error {}
