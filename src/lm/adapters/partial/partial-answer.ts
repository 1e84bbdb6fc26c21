import { AnswerEndedError } from '../../../core/errors/adapter-errors';
import type { Adapter, AskFollowUp, FieldText } from '../../../core/ports/adapter';
import type { FieldValues } from '../../../core/signatures/field-spec';
import type { SignatureSpec } from '../../../core/signatures/signature-spec';

type Ended = { readonly outcome: FieldValues | Promise<FieldValues> } | { readonly error: unknown };

/**
 * An answer that comes in pieces. `push` says what each piece adds to which field; `end` gives the values, always those of
 * parsing the whole at once, and reads it one time only: asking again repeats the outcome and costs nothing.
 */
export class PartialAnswer {
  private readonly pieces: string[] = [];
  private readonly scanner;
  private readonly texts = new Map<string, string>();
  private ended: Ended | undefined;

  constructor(
    private readonly adapter: Adapter,
    private readonly spec: SignatureSpec,
  ) {
    this.scanner = adapter.scanner(spec);
  }

  /** Takes the next piece; gives what it adds, in order. Throws `AnswerEndedError` after `end`. */
  push(piece: string): readonly FieldText[] {
    if (this.ended !== undefined) throw new AnswerEndedError(this.adapter.name);
    this.pieces.push(piece);
    return this.noted(this.scanner?.push(piece) ?? []);
  }

  /** The whole text so far. */
  get text(): string {
    return this.pieces.join('');
  }

  /** The text of each field so far, of those that have begun. */
  get fields(): Readonly<Record<string, string>> {
    return Object.fromEntries(this.texts);
  }

  /** The values of the whole answer. Throws `AdapterParseError`, each time the same. */
  end(ask: AskFollowUp): FieldValues | Promise<FieldValues> {
    if (this.ended === undefined) {
      this.noted(this.scanner?.end() ?? []);
      this.ended = this.read(ask);
    }
    if ('error' in this.ended) throw this.ended.error;
    return this.ended.outcome;
  }

  private read(ask: AskFollowUp): Ended {
    try {
      return { outcome: this.adapter.parse(this.spec, this.text, ask) };
    } catch (error) {
      return { error };
    }
  }

  private noted(found: readonly FieldText[]): readonly FieldText[] {
    for (const { field, text } of found) this.texts.set(field, (this.texts.get(field) ?? '') + text);
    return found;
  }
}
