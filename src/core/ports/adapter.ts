import { AdapterParseError, FinetuneFormatError } from '../errors/adapter-errors';
import type { LMOptions } from '../primitives/lm-request';
import type { LMCompletion } from '../primitives/lm-response';
import type { Message } from '../primitives/message';
import type { FieldValues } from '../signatures/field-spec';
import type { SignatureSpec } from '../signatures/signature-spec';
import type { LM, LMCapabilities } from './lm';

/** A question that an adapter asks of a model of its own while it reads an answer. */
export interface FollowUp {
  readonly spec: SignatureSpec;
  readonly inputs: FieldValues;
  readonly lm: LM;
  /** Its fallback is used when the answer cannot be read. */
  readonly adapter: Adapter;
}

/** Asks a follow-up as part of the call: its signal and deadline hold, its usage is counted, history shows it. */
export type AskFollowUp = (question: FollowUp) => Promise<FieldValues>;

/** A call on its way to the model: what the text shall hold, and the options that go with it. */
export interface AdapterCall {
  readonly spec: SignatureSpec;
  readonly inputs: FieldValues;
  readonly options: LMOptions;
}

/** What an adapter may know of the model it writes for; every `LM` is one. */
export interface AdapterModel {
  readonly model: string;
  readonly capabilities: LMCapabilities;
  readonly defaults: LMOptions;
}

/** What a piece of an answer adds to one of its fields. */
export interface FieldText {
  readonly field: string;
  /** The next part of the field's text; all parts joined are the text that is parsed. */
  readonly text: string;
  /** True once nothing more will come of the field. */
  readonly last: boolean;
}

/** Reads the fields of one answer as it comes in pieces, each character once. */
export interface FieldScanner {
  push(piece: string): readonly FieldText[];
  /** Says that nothing more comes; gives what was held back. */
  end(): readonly FieldText[];
}

/**
 * How a signature becomes a prompt and an answer becomes values. Two methods make a custom adapter: `format`, `parse`.
 *
 * Protocol: adapters hold no state of a call and may be shared. `format` is pure: equal arguments give equal bytes.
 * `parse` returns every output field of the signature, in its order, as JavaScript values, or throws
 * `AdapterParseError`; it is linear in the length of the completion, which is hostile text.
 */
export abstract class Adapter {
  /** The name in errors and history, for example `ChatAdapter`. */
  abstract readonly name: string;

  /** The messages for one call: system, demos, then the inputs. */
  abstract format(spec: SignatureSpec, demos: readonly FieldValues[], inputs: FieldValues): readonly Message[];

  /**
   * The values of an answer; a promise of them from an adapter that needs a model to read it, which it asks by `ask`. Most
   * adapters ignore the third argument.
   */
  abstract parse(spec: SignatureSpec, completion: string, ask: AskFollowUp): FieldValues | Promise<FieldValues>;

  /** What to ask of the model beside the messages, given what it can do. Default: nothing. */
  requestOptions(_spec: SignatureSpec, _capabilities: LMCapabilities): LMOptions {
    return {};
  }

  /** The adapter to ask once more with when `parse` fails; none by default. */
  get fallback(): Adapter | undefined {
    return undefined;
  }

  /**
   * Hands to the provider what it does natively (tools, reasoning), and takes that out of the text: returns the call with another
   * spec and other options. `format` gets the new spec. Default: the call as it is.
   */
  preprocess(call: AdapterCall, _model: AdapterModel): AdapterCall {
    return call;
  }

  /**
   * The outputs of one answer: `spec` as declared, `asked` what `preprocess` left of it for the text. Default: `parse` of the
   * text. Throws `AdapterParseError`.
   */
  postprocess(
    _spec: SignatureSpec,
    asked: SignatureSpec,
    completion: LMCompletion,
    ask: AskFollowUp,
  ): FieldValues | Promise<FieldValues> {
    if (completion.text !== '') return this.parse(asked, completion.text, ask);
    throw new AdapterParseError({
      adapter: this.name,
      signature: asked.signature,
      completion: completion.text,
      problem: 'the answer is empty',
    });
  }

  /** Reads the fields of one answer while it is still being written. Default: none, such answers are read when they are whole. */
  scanner(_spec: SignatureSpec): FieldScanner | undefined {
    return undefined;
  }

  /** The messages of one training example, the right answer included. Throws `FinetuneFormatError` where there is no such form. */
  formatFinetuneData(
    _spec: SignatureSpec,
    _demos: readonly FieldValues[],
    _inputs: FieldValues,
    _outputs: FieldValues,
  ): readonly Message[] {
    throw new FinetuneFormatError(this.name);
  }
}
