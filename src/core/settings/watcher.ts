import type { Adapter } from '../ports/adapter';
import type { OnDelta } from '../primitives/lm-delta';
import type { LMResponse } from '../primitives/lm-response';
import type { SignatureSpec } from '../signatures/signature-spec';
import type { WorkKind } from '../telemetry/events';

/**
 * Who follows a call from outside while it goes on; `stream` puts one into the frame of the call. What a method returns is
 * awaited, so a watcher that is slow slows the call instead of filling memory.
 */
export interface Watcher {
  /** A call of a predictor begins; gives who follows its answer, `undefined` when nobody wants it. */
  follow(predictor: object, spec: SignatureSpec): AnswerWatcher | undefined;
  /** A piece of work starts, ends or fails: a module, a predictor, a tool, a retriever. */
  onStatus(status: WatchedStatus): void | Promise<void>;
}

/** Follows one call of a predictor, from its first request to its values. */
export interface AnswerWatcher {
  /** Takes the pieces of the answer. */
  readonly onDelta: OnDelta;
  /** A request is about to be sent; its answer will be read by this adapter as these fields. */
  asking(adapter: Adapter, asked: SignatureSpec): void;
  /** The whole answer is there. What was not told in pieces, for example because it was cached, is told now. */
  answered(response: LMResponse): void | Promise<void>;
  /** The answer could not be used: the question is asked again, and what was told of it does not count. */
  restarting(reason: 'fallback' | 'repair', problem: string): void | Promise<void>;
  /** The answer was read: its values are the prediction's own properties. */
  predicted(prediction: object): void | Promise<void>;
}

/** A status event: what kind of work, its name, and whether it starts, ends or fails. */
export interface WatchedStatus {
  readonly kind: WorkKind;
  readonly phase: 'start' | 'end' | 'error';
  readonly facts: Readonly<Record<string, unknown>>;
  /** Of `error`. */
  readonly error?: unknown;
}
