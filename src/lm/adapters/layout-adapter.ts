import { Adapter, type AdapterCall, type AdapterModel } from '../../core/ports/adapter';
import type { LMCompletion } from '../../core/primitives/lm-response';
import type { Message } from '../../core/primitives/message';
import type { FieldSpec, FieldValues } from '../../core/signatures/field-spec';
import { pythonStrip } from '../../core/signatures/python/whitespace';
import { formatFieldValue } from '../../core/signatures/python-text';
import type { SignatureSpec } from '../../core/signatures/signature-spec';
import { INCOMPLETE_DEMO, isGiven, placedDemos } from './demo-messages';
import { blocks, fieldDescriptions, taskDescription } from './field-lines';
import { maskHeaders } from './field-markers';
import { historyTurns, type TurnLayout } from './history-turns';
import { finishedMessages } from './marked-parts';
import { nativeAnswer } from './native/native-answer';
import { type NativeOptions, nativeCall } from './native/native-call';
import { historyInput, without } from './native/native-fields';
import { PrefixCache } from './prefix-cache';

/**
 * What the adapters of the reference share: a system message of three parts, demos as pairs of messages, then the
 * inputs with a reminder. A subclass says how the answer is laid out.
 */
export abstract class LayoutAdapter extends Adapter {
  private readonly prefixes = new PrefixCache((spec, demos) => [this.system(spec), ...this.demoMessages(spec, demos)]);
  private readonly reminders = new WeakMap<SignatureSpec, string>();
  private readonly turns: TurnLayout;

  /** `native` says which features of providers take the place of text. */
  constructor(protected readonly native: NativeOptions = {}) {
    super();
    this.turns = {
      question: (spec, inputs) => this.question(spec, inputs),
      inputs: (spec, inputs) => pythonStrip(this.formatInputs(spec, inputs)),
      answer: (spec, outputs) => this.formatAnswer(spec, outputs),
      native: native.useNativeFunctionCalling === true,
    };
  }

  /** How a whole interaction looks, with placeholders for the values. */
  protected abstract structure(spec: SignatureSpec): string;

  /** The last words of the user's message: which outputs are wanted, in which layout. */
  abstract reminder(spec: SignatureSpec): string;

  /** The answer with these values, as a demo shows it; a field that is not given is shown as not supplied, or as null. */
  abstract formatAnswer(spec: SignatureSpec, outputs: FieldValues): string;

  /** The inputs that are given, as a user message shows them. */
  protected formatInputs(spec: SignatureSpec, inputs: FieldValues): string {
    return blocks(givenInputs(spec, inputs), (field) => maskHeaders(formatFieldValue(field, inputs[field.name])));
  }

  /** Reads an answer by itself, without asking a model. */
  abstract override parse(spec: SignatureSpec, completion: string): FieldValues;

  override format(spec: SignatureSpec, demos: readonly FieldValues[], inputs: FieldValues): readonly Message[] {
    const history = historyInput(spec);
    const left = history === undefined ? spec : without(spec, history.name);
    const past = history === undefined ? undefined : inputs[history.name];
    const turns = past === undefined || past === null ? [] : historyTurns(left, past, this.turns);
    const content = this.question(left, inputs);
    const question: Message[] = content === '' ? [] : [{ role: 'user', content }];
    return this.prefixes.get(spec, demos).concat(finishedMessages([...turns, ...question]));
  }

  override preprocess(call: AdapterCall, model: AdapterModel): AdapterCall {
    return nativeCall(call, model, this.native);
  }

  override postprocess(spec: SignatureSpec, asked: SignatureSpec, completion: LMCompletion): FieldValues {
    const parse = (left: SignatureSpec, text: string) => this.parse(left, text);
    return nativeAnswer({ spec, asked, completion, adapter: this.name, parse });
  }

  private question(spec: SignatureSpec, inputs: FieldValues): string {
    let reminder = this.reminders.get(spec);
    if (reminder === undefined) {
      reminder = this.reminder(spec);
      this.reminders.set(spec, reminder);
    }
    return pythonStrip(`${this.formatInputs(spec, inputs)}\n\n${reminder}`);
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
        { role: 'user', content: question },
        { role: 'assistant', content: this.formatAnswer(spec, values) },
      ];
    });
  }
}

/** The input fields that a record has a value for. */
export function givenInputs(spec: SignatureSpec, inputs: FieldValues): readonly FieldSpec[] {
  return spec.inputs.filter((field) => isGiven(inputs, field.name));
}
