import type { LMResponse } from './lm-response';

/** A piece of an answer, told while the rest is still being written. The pieces of one completion come in order. */
export interface LMDelta {
  /** Which completion it belongs to, from 0. */
  readonly index: number;
  /** The next part of the text. */
  readonly text?: string;
  /** The next part of the model's own thinking. */
  readonly reasoning?: string;
  /** The next part of a call of a tool. */
  readonly toolCall?: ToolCallDelta;
}

/** A piece of a tool call: id and name come once, the arguments in parts. */
export interface ToolCallDelta {
  /** Which call of the completion, from 0. */
  readonly index: number;
  readonly id?: string;
  readonly name?: string;
  /** The next part of the JSON text. */
  readonly arguments?: string;
}

/** Takes the pieces of an answer; a promise it returns holds the stream back until it is settled. */
export type OnDelta = (delta: LMDelta) => void | Promise<void>;

/** An answer that came whole, as pieces: of each completion its thinking, its text and its calls, each in one piece. */
export function deltasOf({ completions }: Pick<LMResponse, 'completions'>): readonly LMDelta[] {
  return completions.flatMap(({ text, reasoning, toolCalls = [] }, index): LMDelta[] => [
    ...(reasoning ? [{ index, reasoning }] : []),
    ...(text === '' ? [] : [{ index, text }]),
    ...toolCalls.map((call, place) => ({ index, toolCall: { index: place, ...call } })),
  ]);
}
