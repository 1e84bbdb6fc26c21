import type { Prediction } from '../../../core/primitives/prediction';
import type { CallStream } from '../../../core/util/streams/call-stream';
import type { Module } from '../module';
import type { PredictorEvent, StreamEvent } from './events';
import type { StreamOptions } from './start-stream';

/** The arguments of `stream` for a `forward`: its inputs, then the options of the stream. */
export type StreamArguments<F> = F extends (...args: infer P) => unknown
  ? P extends []
    ? [inputs?: Record<string, never>, options?: StreamOptions]
    : P extends [infer I, ...unknown[]]
      ? [inputs: I, options?: StreamOptions]
      : [inputs?: P[0], options?: StreamOptions]
  : never;

/** Something whose outputs are known: a predictor. */
interface HasOutputs<O> {
  readonly $types: { readonly outputs: O };
}

/** The stream of a program: of a predictor the events are those of its own fields. */
export type StreamOf<P extends Module> =
  P extends HasOutputs<infer O>
    ? CallStream<StreamEvent<O, Prediction<O>>, Prediction<O>>
    : CallStream<
        StreamEvent<Record<string, unknown>, Awaited<ReturnType<P['forward']>>>,
        Awaited<ReturnType<P['forward']>>
      >;

/**
 * Calls a program and follows it: `for await (const event of stream(program, inputs))`. The same as `program.stream(inputs)`.
 * (DSPy: `dspy.streamify`.)
 */
export function stream<P extends Module>(program: P, ...args: StreamArguments<P['forward']>): StreamOf<P> {
  return (program.stream as (...given: unknown[]) => StreamOf<P>).apply(program, args);
}

/**
 * The event, typed by the fields of a predictor, when it comes from that predictor; else `undefined`. For programs, whose events
 * come from several: `eventOf(program.answer, event)?.type`.
 */
export function eventOf<O>(
  predictor: Module & HasOutputs<O>,
  event: StreamEvent<never> | StreamEvent,
): PredictorEvent<O> | undefined {
  return 'predictor' in event && (event.predictor as object) === predictor ? (event as PredictorEvent<O>) : undefined;
}
