import { shownValue, ValueParseError } from '../../../errors/value-errors';
import { validate } from '../../coercion/validate';
import { type CustomTypeSpec, INT, type ModelType, optionalType, STR } from '../../type-spec';
import { customSpec } from '../custom-spec';
import { CustomType } from '../custom-type';

/** A quotation with its place in a document. Indices count characters; the end is exclusive. */
export interface Citation {
  readonly citedText: string;
  /** Which document of the request, from 0. */
  readonly documentIndex: number;
  readonly documentTitle?: string | undefined;
  readonly startCharIndex: number;
  readonly endCharIndex: number;
  /** The words of the answer that the quotation supports. */
  readonly supportedText?: string | undefined;
  /** Kind of the place; `char_location` unless said. */
  readonly type?: string | undefined;
}

const OPTIONAL_TEXT = { type: optionalType(STR), default: { value: null } };
const CITATION: ModelType = {
  kind: 'model',
  name: 'Citation',
  doc: 'Individual citation with character location information.',
  fields: [
    { name: 'type', type: STR, default: { value: 'char_location' } },
    { name: 'cited_text', type: STR },
    { name: 'document_index', type: INT },
    { name: 'document_title', ...OPTIONAL_TEXT },
    { name: 'start_char_index', type: INT },
    { name: 'end_char_index', type: INT },
    { name: 'supported_text', ...OPTIONAL_TEXT },
  ],
};
const SHAPE: ModelType = {
  kind: 'model',
  name: 'Citations',
  fields: [{ name: 'citations', type: { kind: 'list', item: CITATION } }],
};

/** A citation on the wire, with every member. */
interface WireCitation {
  readonly type: string;
  readonly cited_text: string;
  readonly document_index: number;
  readonly document_title: string | null;
  readonly start_char_index: number;
  readonly end_char_index: number;
  readonly supported_text: string | null;
}

/**
 * Quotations that support an answer (DSPy: `dspy.experimental.Citations`). With a model whose name begins `anthropic/` the provider
 * gives them beside the answer; with any other the model writes them.
 */
export class Citations extends CustomType {
  constructor(readonly citations: readonly Citation[]) {
    super();
    Object.freeze(this);
  }

  static override description(): string {
    return 'Citations with quoted text and source references. Include the exact text being cited and information about its source.';
  }

  /** From one citation, a list of them, or `{ citations: [...] }`, in the words of the wire. */
  static override parse(given: unknown): Citations {
    if (given instanceof Citations) return given;
    if (given === null || typeof given !== 'object') {
      throw new ValueParseError(`it must be a list of citations, not ${shownValue(given)}`);
    }
    const wrapped = Array.isArray(given)
      ? { citations: given }
      : 'cited_text' in given
        ? { citations: [given] }
        : given;
    const { citations } = validate(wrapped, SHAPE) as { citations: readonly WireCitation[] };
    return new Citations(citations.map(fromWire));
  }

  override format() {
    return this.citations.map((citation) => ({
      type: citation.type ?? 'char_location',
      cited_text: citation.citedText,
      document_index: citation.documentIndex,
      start_char_index: citation.startCharIndex,
      end_char_index: citation.endCharIndex,
      ...(citation.documentTitle ? { document_title: citation.documentTitle } : {}),
      ...(citation.supportedText ? { supported_text: citation.supportedText } : {}),
    }));
  }
}

function fromWire(wire: WireCitation): Citation {
  return {
    type: wire.type,
    citedText: wire.cited_text,
    documentIndex: wire.document_index,
    startCharIndex: wire.start_char_index,
    endCharIndex: wire.end_char_index,
    ...(wire.document_title === null ? {} : { documentTitle: wire.document_title }),
    ...(wire.supported_text === null ? {} : { supportedText: wire.supported_text }),
  };
}

/** The type of a citations field. */
export const CITATIONS: CustomTypeSpec = customSpec(Citations, () => SHAPE, { native: 'citations' });
