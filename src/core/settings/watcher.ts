import type { LMDelta } from '../primitives/lm-delta';

/**
 * Who follows a call from outside while it goes on; `stream` puts one into the frame of the call. What a method returns is
 * awaited, so a watcher that is slow slows the call instead of filling memory.
 */
export interface Watcher {
  /** A piece of an answer came, or with `undefined` a new answer of this predictor begins. */
  onDelta(source: WatchedPredictor, delta: LMDelta | undefined): void | Promise<void>;
  /** Something else that a reader may want to see: a tool that starts, a step that ends. */
  onStatus(status: WatchedStatus): void | Promise<void>;
}

/** The predictor an event comes from. */
export interface WatchedPredictor {
  readonly predictor: object;
  /** Tells the calls of one predictor apart. */
  readonly call: number;
}

/** A status event: what kind of work, its name, and whether it starts, ends or fails. */
export interface WatchedStatus {
  readonly kind: 'module' | 'predictor' | 'tool' | 'retriever' | 'repair';
  readonly phase: 'start' | 'end' | 'error';
  readonly name: string;
  readonly detail?: unknown;
}
