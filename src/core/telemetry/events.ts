/** A piece of work in the tree of a call. Ids are unique in the process. */
export interface Span {
  readonly id: number;
  /** The work this one is part of. */
  readonly parent: number | undefined;
  /** The outermost work, the same for everything in one tree. */
  readonly root: number;
}

/** What work is told about: with `start` and `end` or `error`. Each is a channel, `dspex:module` and so on. */
export const WORK_KINDS = [
  'module',
  'predictor',
  'format',
  'parse',
  'lm',
  'attempt',
  'embedder',
  'retriever',
  'tool',
] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** What happens in a moment, inside of work. Each is a channel too. */
export const MOMENT_KINDS = ['cache', 'limiter', 'breaker', 'retry', 'routing', 'budget', 'loop'] as const;
export type MomentKind = (typeof MOMENT_KINDS)[number];

export type EventKind = WorkKind | MomentKind;
export const EVENT_KINDS: readonly EventKind[] = [...WORK_KINDS, ...MOMENT_KINDS];

/**
 * One event. Beside these members it has the facts of its kind (see `docs/telemetry.md`): names, counts, sizes, usage.
 * Never a prompt, an answer, a header or a secret.
 */
export interface TelemetryEvent extends Partial<Span> {
  readonly kind: EventKind;
  readonly phase: 'start' | 'end' | 'error' | 'moment';
  /** On the monotonic clock, in milliseconds: only differences mean anything. */
  readonly at: number;
  /** Of `end` and `error`: how long the work took. */
  readonly durationMs?: number;
  /** Of `error`. */
  readonly error?: unknown;
  readonly [fact: string]: unknown;
}
