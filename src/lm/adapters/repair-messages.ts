import type { Adapter } from '../../core/ports/adapter';
import type { Message } from '../../core/primitives/message';
import type { SignatureSpec } from '../../core/signatures/signature-spec';

/** The prompt of a corrective call: the same messages, the answer that did not fit, and what was wrong with it. */
export function repairMessages(
  _adapter: Adapter,
  _spec: SignatureSpec,
  messages: readonly Message[],
  completion: string,
  problem: string,
): readonly Message[] {
  return [
    ...messages,
    { role: 'assistant', content: completion },
    {
      role: 'user',
      content: `That answer cannot be used: ${problem}\nAnswer again, with every field, in the layout asked for above.`,
    },
  ];
}
