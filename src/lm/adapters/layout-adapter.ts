import { Adapter } from '../../core/ports/adapter';
import type { Message } from '../../core/primitives/message';
import type { FieldSpec, FieldValues } from '../../core/signatures/field-spec';
import { pythonStrip } from '../../core/signatures/python/whitespace';
import { formatFieldValue } from '../../core/signatures/python-text';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { INCOMPLETE_DEMO, isGiven, placedDemos } from './demo-messages';
import { blocks, fieldDescriptions, taskDescription } from './field-lines';

interface CachedPrefix {
  readonly demos: readonly FieldValues[];
  readonly messages: readonly Message[];
}

/**
 * What the adapters of the reference share: a system message of three parts, demos as pairs of messages, then the
 * inputs with a reminder. A subclass says how the answer is laid out.
 */
export abstract class LayoutAdapter extends Adapter {
  /** Rendering 64 demos costs more than sending them: system message and demos are rendered once per spec and demos. */
  private readonly prefixes = new WeakMap<SignatureSpec, WeakMap<readonly FieldValues[], CachedPrefix>>();

  /** How a whole interaction looks, with placeholders for the values. */
  protected abstract structure(spec: SignatureSpec): string;

  /** The last words of the user's message: which outputs are wanted, in which layout. */
  abstract reminder(spec: SignatureSpec): string;

  /** The answer with these values, as a demo shows it; a field that is not given is shown as not supplied, or as null. */
  abstract formatAnswer(spec: SignatureSpec, outputs: FieldValues): string;

  /** The inputs that are given, as a user message shows them. */
  protected formatInputs(spec: SignatureSpec, inputs: FieldValues): string {
    return blocks(givenInputs(spec, inputs), (field) => formatFieldValue(field, inputs[field.name]));
  }

  override format(spec: SignatureSpec, demos: readonly FieldValues[], inputs: FieldValues): readonly Message[] {
    const question = pythonStrip([this.formatInputs(spec, inputs), this.reminder(spec)].join('\n\n'));
    const prefix = this.prefix(spec, demos);
    return question === '' ? prefix : [...prefix, { role: 'user', content: question }];
  }

  private prefix(spec: SignatureSpec, demos: readonly FieldValues[]): readonly Message[] {
    const bySpec = this.prefixes.get(spec) ?? new WeakMap<readonly FieldValues[], CachedPrefix>();
    this.prefixes.set(spec, bySpec);
    const cached = bySpec.get(demos);
    // The array is immutable by convention; comparing its members makes a broken convention harmless.
    if (cached?.demos.length === demos.length && demos.every((demo, at) => demo === cached.demos[at])) {
      return cached.messages;
    }
    const messages = [this.system(spec), ...this.demoMessages(spec, demos)].map((message) => Object.freeze(message));
    bySpec.set(demos, { demos: [...demos], messages: Object.freeze(messages) });
    return messages;
  }

  private system(spec: SignatureSpec): Message {
    const parts = [fieldDescriptions(spec), this.structure(spec), taskDescription(spec)];
    return { role: 'system', content: parts.join('\n') };
  }

  private demoMessages(spec: SignatureSpec, demos: readonly FieldValues[]): Message[] {
    return placedDemos(spec, demos).flatMap(({ values, complete }): Message[] => {
      const opening = complete ? [] : [INCOMPLETE_DEMO];
      const question = pythonStrip([...opening, this.formatInputs(spec, values)].join('\n\n'));
      return [
        ...(question === '' ? [] : [{ role: 'user' as const, content: question }]),
        { role: 'assistant', content: this.formatAnswer(spec, values) },
      ];
    });
  }
}

/** The input fields that a record has a value for. */
export function givenInputs(spec: SignatureSpec, inputs: FieldValues): readonly FieldSpec[] {
  return spec.inputs.filter((field) => isGiven(inputs, field.name));
}
