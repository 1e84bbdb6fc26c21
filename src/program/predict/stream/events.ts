import type { ToolCallDelta } from '../../../core/primitives/lm-delta';
import type { LMCompletion } from '../../../core/primitives/lm-response';
import type { Prediction } from '../../../core/primitives/prediction';
import type { Usage } from '../../../core/primitives/usage';
import type { WorkKind } from '../../../core/telemetry/events';
import type { Predict } from '../predict';
import type { DeepPartial } from './deep-partial';

/** Where an event comes from. */
export interface EventSource {
  /** The predictor's path in the streamed program, as `namedPredictors` spells it; its class where it stands in no attribute. */
  readonly path: string;
  /** Tells the calls of one predictor apart, from 1 in the order they begin. */
  readonly call: number;
  /** The predictor itself; not shown by `JSON.stringify`. */
  readonly predictor: Predict;
}

interface OfField<O, K extends keyof O> extends EventSource {
  readonly field: K;
  /** All outputs of the call as far as they have come; put together when it is read. */
  readonly partial: DeepPartial<O>;
}

/** A field begins. */
export interface FieldStart<O, K extends keyof O> extends OfField<O, K> {
  readonly type: 'field-start';
}

/** The next part of a field's text. */
export interface FieldDelta<O, K extends keyof O> extends OfField<O, K> {
  readonly type: 'field-delta';
  readonly text: string;
}

/** Nothing more comes of a field. */
export interface FieldDone<O, K extends keyof O> extends OfField<O, K> {
  readonly type: 'field-done';
  /** Its whole text. */
  readonly text: string;
  /** Its value, read from the text when it is asked for; `undefined` when it cannot be known before the whole answer is. */
  readonly value: O[K] | undefined;
}

/** The next part of the answer as it is, from an adapter that tells fields only at the end. */
export interface TextDelta extends EventSource {
  readonly type: 'text';
  readonly text: string;
}

/** The next part of the model's own thinking. */
export interface ReasoningDelta extends EventSource {
  readonly type: 'reasoning';
  readonly text: string;
}

/** The next part of a tool call by the provider's own function calling. */
export interface ToolCallPart extends EventSource {
  readonly type: 'tool-call';
  readonly toolCall: ToolCallDelta;
}

/** What was told of this call does not count: forget it, it is told anew. */
export interface Restart extends EventSource {
  readonly type: 'restart';
  /** Asked again with another adapter, asked again with a correction, or read otherwise as a whole than in pieces. */
  readonly reason: 'fallback' | 'repair' | 'reread';
  /** What was wrong with the answer. */
  readonly problem: string;
}

/** What one request cost. */
export interface UsageEvent extends EventSource {
  readonly type: 'usage';
  readonly usage: Usage;
  /** True when no request was sent. */
  readonly cached: boolean;
  readonly attempts: number;
  readonly finishReason: LMCompletion['finishReason'] | undefined;
}

/** The end of a call of a predictor. */
export interface Predicted<O> extends EventSource {
  readonly type: 'prediction';
  readonly prediction: Prediction<O>;
}

/** A step of the program starts, ends or fails. */
export interface StatusEvent {
  readonly type: 'status';
  readonly kind: WorkKind;
  readonly phase: 'start' | 'end' | 'error';
  /** The class of a module or predictor, the name of a tool. */
  readonly name: string;
  /** The module in which it happens, as `namedSubModules` spells it; its class where it stands in no attribute. */
  readonly path: string;
  /** The message of an error; the error itself comes from the stream when nobody caught it. */
  readonly problem?: string;
}

/** The end of the program; always the last event. */
export interface ResultEvent<R> {
  readonly type: 'result';
  readonly result: R;
}

/** The events of one predictor with the outputs `O`: `event.field` tells the type of `event.value`. */
export type PredictorEvent<O> =
  | { [K in keyof O & string]: FieldStart<O, K> | FieldDelta<O, K> | FieldDone<O, K> }[keyof O & string]
  | TextDelta
  | ReasoningDelta
  | ToolCallPart
  | Restart
  | UsageEvent
  | Predicted<O>;

/** The events of any program. `fromPredictor(event, program.step)` tells the fields of one step. */
export type StreamEvent<O = Record<string, unknown>, R = unknown> = PredictorEvent<O> | StatusEvent | ResultEvent<R>;

/** Events as they are told, before anybody says of which signature. */
export type AnyEvent = StreamEvent;
