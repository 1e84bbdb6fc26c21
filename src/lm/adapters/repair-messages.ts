import type { Adapter } from '../../core/ports/adapter';
import type { Message } from '../../core/primitives/message';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { LayoutAdapter } from './layout-adapter';

/** Longest part of the failed answer that is shown again, in characters: runaway answers must not cost twice. */
const SHOWN_ANSWER = 8000;
/** Longest account of what was wrong, in characters. */
const SHOWN_PROBLEM = 2000;

/**
 * What a corrective call adds to the messages of the failed one: the answer that did not fit as the model's own turn, then
 * what was wrong with it and the adapter's own words for the layout. DSPy has no such step; the words are ours.
 */
export function repairMessages(
  spec: SignatureSpec,
  adapter: Adapter,
  completion: string,
  problem: string,
): readonly Message[] {
  const request = [
    `Your answer could not be used: ${shortened(problem, SHOWN_PROBLEM)}`,
    'Answer the same question again, completely, and write nothing but the answer.',
    adapter instanceof LayoutAdapter ? adapter.reminder(spec) : 'Keep to the layout that was asked for above.',
  ];
  // Some providers refuse an empty turn.
  const answer = completion.trim() === '' ? '(no answer)' : shortened(completion, SHOWN_ANSWER);
  return [
    { role: 'assistant', content: answer },
    { role: 'user', content: request.join('\n\n') },
  ];
}

/** Head and tail of a long text, with the number of characters left out between. */
function shortened(text: string, limit: number): string {
  if (text.length <= limit) return text;
  const half = Math.floor(limit / 2);
  return `${text.slice(0, half)}\n… (${text.length - 2 * half} characters left out) …\n${text.slice(-half)}`;
}
