import type { Message } from '../../core/primitives/message';
import { sharePrefix } from '../../core/primitives/shared-prefix';
import type { FieldValues } from '../../core/signatures/field-spec';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { deepFreeze } from '../../core/util/deep-freeze';
import { finishedMessage } from './marked-parts';

interface Rendered {
  readonly demos: readonly FieldValues[];
  /** Whether the list of demos is frozen; otherwise its members are compared, in case somebody wrote in it. */
  readonly fixed: boolean;
  readonly messages: readonly Message[];
}

/** Rendering 64 demos costs more than sending them: what comes before a question is rendered once per spec and demos. */
export class PrefixCache {
  private readonly rendered = new WeakMap<SignatureSpec, WeakMap<readonly FieldValues[], Rendered>>();

  constructor(private readonly render: (spec: SignatureSpec, demos: readonly FieldValues[]) => readonly Message[]) {}

  get(spec: SignatureSpec, demos: readonly FieldValues[]): readonly Message[] {
    let bySpec = this.rendered.get(spec);
    if (bySpec === undefined) {
      bySpec = new WeakMap();
      this.rendered.set(spec, bySpec);
    }
    const known = bySpec.get(demos);
    if (known !== undefined && (known.fixed || sameMembers(known.demos, demos))) return known.messages;
    // To the last part of a picture: whoever is given a prompt and writes in it would write in all that come after.
    const finished = this.render(spec, demos).map((message) => deepFreeze(finishedMessage(message)));
    // The list itself is handed to nobody, and is not frozen: copying a frozen list takes four times as long.
    const messages = sharePrefix(finished);
    bySpec.set(demos, { demos: [...demos], fixed: Object.isFrozen(demos), messages });
    return messages;
  }
}

function sameMembers(some: readonly FieldValues[], others: readonly FieldValues[]): boolean {
  return some.length === others.length && some.every((one, at) => one === others[at]);
}
