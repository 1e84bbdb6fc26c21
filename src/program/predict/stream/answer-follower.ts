import type { Adapter, FieldScanner, FieldText } from '../../../core/ports/adapter';
import type { LMDelta, ToolCallDelta } from '../../../core/primitives/lm-delta';
import type { LMResponse } from '../../../core/primitives/lm-response';
import type { Prediction } from '../../../core/primitives/prediction';
import type { AnswerWatcher } from '../../../core/settings/watcher';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';
import { fieldEvent, plainEvent } from './event-objects';
import type { AnyEvent, EventSource } from './events';
import { GrowingFields } from './growing-fields';

/** Takes an event and how many characters of text it carries; a promise holds back whoever tells. */
export type Tell = (event: AnyEvent, size: number) => void | Promise<void>;

/**
 * Makes events of the answer to one call of a predictor. Of several completions only the first is told in pieces. Fields are
 * found by the adapter's scanner, each character once; their values come from the one reading of the whole answer.
 */
export class AnswerFollower implements AnswerWatcher {
  private scanner: FieldScanner | undefined;
  private fields: GrowingFields;
  private told = false;
  private thought = false;
  private called = false;
  /** Of the last event: the queue holds back everybody or nobody. */
  private held: void | Promise<void> = undefined;

  constructor(
    private readonly source: EventSource,
    private readonly spec: SignatureSpec,
    private readonly send: Tell,
  ) {
    this.fields = new GrowingFields(spec);
  }

  asking(adapter: Adapter, asked: SignatureSpec): void {
    this.scanner = adapter.scanner(asked);
    this.fields = new GrowingFields(this.spec);
    this.told = false;
    this.thought = false;
    this.called = false;
  }

  readonly onDelta = (delta: LMDelta): void | Promise<void> => {
    if (delta.index !== 0) return undefined;
    const { text, reasoning, toolCall } = delta;
    if (reasoning !== undefined && reasoning !== '') this.tellReasoning(reasoning);
    if (toolCall !== undefined) this.tellToolCall(toolCall);
    if (text !== undefined && text !== '') this.tellText(text);
    return this.taken();
  };

  answered({ completions, usage, cached, attempts }: LMResponse): void | Promise<void> {
    const [first] = completions;
    if (!this.thought && first?.reasoning !== undefined && first.reasoning !== '') this.tellReasoning(first.reasoning);
    if (!this.told && first !== undefined && first.text !== '') this.tellText(first.text);
    for (const [index, call] of this.called ? [] : (first?.toolCalls ?? []).entries()) {
      this.tellToolCall({ index, ...call });
    }
    if (this.scanner !== undefined) this.tellFields(this.scanner.end());
    const finishReason = first?.finishReason;
    this.tell(plainEvent('usage', this.source, { usage, cached, attempts, finishReason }), 0);
    return this.taken();
  }

  restarting(reason: 'fallback' | 'repair', problem: string): void | Promise<void> {
    this.tell(plainEvent('restart', this.source, { reason, problem }), problem.length);
    return this.taken();
  }

  predicted(prediction: object): void | Promise<void> {
    if (this.toldOtherwise(prediction)) {
      const problem = 'The whole answer reads otherwise than its pieces did.';
      this.tell(plainEvent('restart', this.source, { reason: 'reread', problem }), 0);
      this.fields = new GrowingFields(this.spec);
    }
    for (const { name } of this.spec.outputs) {
      if (Object.hasOwn(prediction, name)) this.complete(name, (prediction as Record<string, unknown>)[name]);
    }
    this.tell(
      plainEvent('prediction', this.source, { prediction: prediction as Prediction<Record<string, unknown>> }),
      0,
    );
    return this.taken();
  }

  /** True when a text was told that the whole answer does not give: an answer of several objects, the last of which counts. */
  private toldOtherwise(prediction: object): boolean {
    return this.spec.outputs.some(({ name, type }) => {
      const value = (prediction as Record<string, unknown>)[name];
      return (
        type.kind === 'str' &&
        this.fields.isDone(name) &&
        typeof value === 'string' &&
        this.fields.textOf(name) !== value
      );
    });
  }

  /** A field that the pieces did not tell, or not to its end: defaults, tool calls, layouts that are read as a whole. */
  private complete(name: string, value: unknown): void {
    if (this.fields.isDone(name)) return;
    const before = this.fields.textOf(name);
    const more = typeof value === 'string' && value.startsWith(before) ? value.slice(before.length) : '';
    if (!this.fields.has(name)) this.start(name);
    if (more !== '') this.grow(name, more);
    this.fields = this.fields.known(name, value);
    this.tell(fieldEvent('field-done', this.source, name, this.fields.textOf(name), this.fields), 0);
  }

  private tellReasoning(text: string): void {
    this.thought = true;
    this.tell(plainEvent('reasoning', this.source, { text }), text.length);
  }

  private tellToolCall(toolCall: ToolCallDelta): void {
    this.called = true;
    this.tell(plainEvent('tool-call', this.source, { toolCall }), toolCall.arguments?.length ?? 0);
  }

  private tellText(text: string): void {
    this.told = true;
    if (this.scanner === undefined) this.tell(plainEvent('text', this.source, { text }), text.length);
    else this.tellFields(this.scanner.push(text));
  }

  private tellFields(found: readonly FieldText[]): void {
    for (const { field, text, last } of found) {
      if (!this.fields.has(field)) this.start(field);
      if (text !== '') this.grow(field, text);
      if (!last) continue;
      this.fields = this.fields.ended(field);
      this.tell(fieldEvent('field-done', this.source, field, this.fields.textOf(field), this.fields), 0);
    }
  }

  private start(field: string): void {
    this.fields = this.fields.grown(field, '');
    this.tell(fieldEvent('field-start', this.source, field, undefined, this.fields), 0);
  }

  private grow(field: string, text: string): void {
    this.fields = this.fields.grown(field, text);
    this.tell(fieldEvent('field-delta', this.source, field, text, this.fields), text.length);
  }

  private tell(event: AnyEvent, size: number): void {
    this.held = this.send(event, size);
  }

  private taken(): void | Promise<void> {
    const { held } = this;
    this.held = undefined;
    return held;
  }
}
