import type { LMOptions } from '../primitives/lm-request';
import type { Message } from '../primitives/message';
import type { FieldValues } from '../signatures/field-spec';
import type { SignatureSpec } from '../signatures/signature-spec';
import type { LMCapabilities } from './lm';

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

  /** The values of an answer. */
  abstract parse(spec: SignatureSpec, completion: string): FieldValues;

  /** What to ask of the model beside the messages, given what it can do. Default: nothing. */
  requestOptions(_spec: SignatureSpec, _capabilities: LMCapabilities): LMOptions {
    return {};
  }

  /** The adapter to ask once more with when `parse` fails; none by default. */
  get fallback(): Adapter | undefined {
    return undefined;
  }
}
