import type { LMDelta, OnDelta } from '../../../core/primitives/lm-delta';
import type { LMResponse } from '../../../core/primitives/lm-response';

/** Tells an answer that is there already in pieces of about a word, as if it were written now. */
export async function tellRecorded(response: LMResponse, onDelta: OnDelta, signal?: AbortSignal): Promise<void> {
  for (const delta of piecesOf(response)) {
    await onDelta(delta);
    signal?.throwIfAborted();
  }
}

function* piecesOf({ completions }: LMResponse): Generator<LMDelta> {
  for (const [index, { reasoning = '', text, toolCalls = [] }] of completions.entries()) {
    for (const piece of words(reasoning)) yield { index, reasoning: piece };
    for (const piece of words(text)) yield { index, text: piece };
    for (const [at, { id, name, arguments: whole }] of toolCalls.entries()) {
      yield { index, toolCall: { index: at, name, ...(id === undefined ? {} : { id }), arguments: whole } };
    }
  }
}

function words(text: string): readonly string[] {
  return text.match(/\s*\S+|\s+$/gu) ?? [];
}
