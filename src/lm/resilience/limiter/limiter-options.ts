import type { AbortSource } from '../../../core/util/cancellation';

/** What the end of a call says about the limits of the other side. */
export interface LimitSign {
  /** `slow-down`: too many requests or tokens. `stop`: money or quota is spent, so no request makes sense for now. */
  readonly kind: 'slow-down' | 'stop';
  /** How long the other side asked us to wait, in milliseconds. */
  readonly retryAfterMs?: number | undefined;
}

/** Another bound beside the limiter's own. */
export interface Gate {
  /** True when a further call may be let out. */
  readonly room: boolean;
  /** A call is let out; its place is handed to it. */
  enter(): number;
  /** A call that was let out is not made after all. */
  leave(place: number): void;
}

export interface LimiterOptions {
  /** Most calls in flight at a time. */
  readonly maxConcurrent: number;
  /** Most calls that wait; further ones are refused. */
  readonly maxQueued: number;
  /** Whether to go below `maxConcurrent` when the other side asks for it; default true. */
  readonly adaptive?: boolean;
  readonly requestsPerMinute?: number | undefined;
  readonly tokensPerMinute?: number | undefined;
  /** How long no request is sent after `stop`, in milliseconds; default 60,000. */
  readonly quotaPauseMs?: number;
  /** Reads the failure of a call; default: nothing is a sign. */
  readonly sign?: (error: unknown) => LimitSign | undefined;
  /** Something else that bounds how many calls are let out; asked again whenever a call ends. */
  readonly gate?: Gate | undefined;
  /** The error of a call that finds the queue full. */
  readonly full: () => Error;
  /** The error of a call while everything is paused for longer than it has time. */
  readonly paused?: (waitMs: number) => Error;
  /** The error of a call that is refused after `stop`, for so long. `cause` is the failure that said so. */
  readonly stopped?: (cause: unknown, waitMs: number) => Error;
}

/** What a call brings to the limiter. */
export interface LimiterScope {
  /** Leaves the queue with its reason. */
  readonly signal?: AbortSource | undefined;
  /** Leaves the queue after so many milliseconds. */
  readonly deadlineMs?: number | undefined;
  /** The error when the time is over. */
  expired?(): Error;
  /** Higher goes first; default 0. */
  readonly priority?: number | undefined;
  /** Calls of different groups take turns. */
  readonly group?: object | undefined;
  /** Tokens the call will take, estimated; default 0. */
  readonly tokens?: number | undefined;
}
