import { LMInvalidResponseError, type PartialResponse } from '../../../core/errors/lm-errors';
import type { LMDelta } from '../../../core/primitives/lm-delta';
import type { LMCompletion, LMResponse, LMToolCall, TokenLogprob } from '../../../core/primitives/lm-response';
import { NO_USAGE, type Usage } from '../../../core/primitives/usage';
import { deepFreeze } from '../../../core/util/deep-freeze';

/** Most completions, and most tool calls of one: an index from outside must not make a list of a billion holes. */
const MOST = 1_024;

interface ToolCallSoFar {
  id?: string;
  name?: string;
  readonly arguments: string[];
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** One completion while it is written; parts are joined once, at the end. */
export interface CompletionSoFar {
  readonly text: string[];
  readonly reasoning: string[];
  readonly toolCalls: ToolCallSoFar[];
  readonly logprobs: TokenLogprob[];
  readonly citations: Readonly<Record<string, unknown>>[];
  refusal: string;
  finishReason: LMCompletion['finishReason'] | undefined;
}

/** Puts a streamed answer together from its pieces, whatever wire format they came in. */
export class AnswerSoFar {
  model: string | undefined;
  id: string | undefined;
  usage: Usage = { ...NO_USAGE, calls: 1, unpricedCalls: 1 };
  readonly completions: CompletionSoFar[] = [];

  /** The completion of that index. Throws `LMInvalidResponseError` for an index that no answer has. */
  at(index: number): CompletionSoFar {
    checkIndex(index);
    for (let next = this.completions.length; next <= index; next++) {
      this.completions.push({
        text: [],
        reasoning: [],
        toolCalls: [],
        logprobs: [],
        citations: [],
        refusal: '',
        finishReason: undefined,
      });
    }
    return this.completions[index] as CompletionSoFar;
  }

  /** Adds a piece, and gives it back for whoever listens. */
  add(delta: LMDelta): LMDelta {
    const completion = this.at(delta.index);
    if (delta.text !== undefined) completion.text.push(delta.text);
    if (delta.reasoning !== undefined) completion.reasoning.push(delta.reasoning);
    if (delta.toolCall !== undefined) addToolCall(completion.toolCalls, delta.toolCall);
    return delta;
  }

  /** What an error can tell of an answer that broke off. */
  get partial(): PartialResponse {
    return { texts: this.completions.map(({ text }) => text.join('')), usage: this.usage };
  }

  /** The answer as it stands, frozen. `model` is used when the server named none. */
  response(model: string): LMResponse {
    return Object.freeze<LMResponse>({
      model: this.model ?? model,
      completions: Object.freeze(this.completions.map(finished)),
      usage: Object.freeze(this.usage),
      ...(this.id === undefined ? {} : { id: this.id }),
      cached: false,
      attempts: 1,
    });
  }
}

function addToolCall(calls: ToolCallSoFar[], piece: NonNullable<LMDelta['toolCall']>): void {
  checkIndex(piece.index);
  for (let next = calls.length; next <= piece.index; next++) calls.push({ arguments: [] });
  const call = calls[piece.index] as ToolCallSoFar;
  if (piece.id !== undefined) call.id ??= piece.id;
  if (piece.name !== undefined) call.name ??= piece.name;
  if (piece.arguments !== undefined) call.arguments.push(piece.arguments);
}

function finished(so: CompletionSoFar): LMCompletion {
  const text = so.text.length === 1 ? (so.text[0] as string) : so.text.join('');
  const completion: Mutable<LMCompletion> = { text, finishReason: so.finishReason ?? 'unknown' };
  if (so.reasoning.length > 0) completion.reasoning = so.reasoning.join('');
  if (so.logprobs.length > 0) completion.logprobs = deepFreeze(so.logprobs);
  if (so.toolCalls.length > 0) {
    const toolCalls = so.toolCalls.flatMap(({ id, name, arguments: parts }): LMToolCall[] =>
      name === undefined ? [] : [{ ...(id === undefined ? {} : { id }), name, arguments: parts.join('') || '{}' }],
    );
    if (toolCalls.length > 0) completion.toolCalls = deepFreeze(toolCalls);
  }
  if (so.citations.length > 0) completion.citations = deepFreeze(so.citations);
  return Object.freeze(completion);
}

function checkIndex(index: number): void {
  if (!Number.isSafeInteger(index) || index < 0 || index >= MOST) {
    throw new LMInvalidResponseError(`The answer has a part of number ${String(index)}; at most ${MOST} are read.`);
  }
}
