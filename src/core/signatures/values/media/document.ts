import { MediaError, shownValue, ValueParseError } from '../../../errors/value-errors';
import { type CustomTypeSpec, type ModelType, optionalType, STR } from '../../type-spec';
import { customSpec } from '../custom-spec';
import { CustomType } from '../custom-type';
import { optionalText, readMembers, textMember } from '../read-members';

/** What a document may be. */
export type DocumentMediaType = 'text/plain' | 'application/pdf';

const MEDIA_TYPES: readonly DocumentMediaType[] = ['text/plain', 'application/pdf'];

/** Facts of a document beside its text. */
export interface DocumentOptions {
  readonly title?: string | undefined;
  /** Default `text/plain`; the data of a PDF is base64. */
  readonly mediaType?: DocumentMediaType | undefined;
  /** Told to the model, never cited. */
  readonly context?: string | undefined;
}

/** A document that a model may cite (DSPy: `dspy.experimental.Document`; Anthropic's citations). Throws `MediaError`. */
export class Document extends CustomType {
  readonly data: string;
  readonly title: string | undefined;
  readonly mediaType: DocumentMediaType;
  readonly context: string | undefined;

  constructor(data: string, { title, mediaType = 'text/plain', context }: DocumentOptions = {}) {
    super();
    if (typeof data !== 'string') throw new MediaError('The data of a Document is a text; that of a PDF is base64.');
    if (!MEDIA_TYPES.includes(mediaType)) {
      throw new MediaError(`The mediaType of a Document is ${MEDIA_TYPES.join(' or ')}, not ${shownValue(mediaType)}.`);
    }
    this.data = data;
    this.title = title;
    this.mediaType = mediaType;
    this.context = context;
    Object.freeze(this);
  }

  static override description(): string {
    return 'A document containing text content that can be referenced and cited. Include the full text content and optionally a title for proper referencing.';
  }

  static override parse(given: unknown): Document {
    if (given instanceof Document) return given;
    if (typeof given === 'string') return new Document(given);
    const members = readMembers(given, 'Document');
    const mediaType = optionalText(members, 'media_type', 'Document') as DocumentMediaType | undefined;
    if (mediaType !== undefined && !MEDIA_TYPES.includes(mediaType)) {
      throw new ValueParseError(`it must be ${MEDIA_TYPES.join(' or ')}, not ${shownValue(mediaType)}`, ['media_type']);
    }
    return new Document(textMember(members, 'data', 'Document'), {
      title: optionalText(members, 'title', 'Document'),
      mediaType,
      context: optionalText(members, 'context', 'Document'),
    });
  }

  override format() {
    const { data, title, mediaType, context } = this;
    const source = { type: mediaType === 'application/pdf' ? 'base64' : 'text', media_type: mediaType, data };
    return [
      {
        type: 'document',
        source,
        citations: { enabled: true },
        ...(title ? { title } : {}),
        ...(context ? { context } : {}),
      },
    ];
  }
}

const OPTIONAL_TEXT = { type: optionalType(STR), default: { value: null } };
const SHAPE: ModelType = {
  kind: 'model',
  name: 'Document',
  fields: [
    { name: 'data', type: STR },
    { name: 'title', ...OPTIONAL_TEXT },
    { name: 'media_type', type: { kind: 'literal', values: MEDIA_TYPES }, default: { value: 'text/plain' } },
    { name: 'context', ...OPTIONAL_TEXT },
  ],
};

/** The type of a document field. */
export const DOCUMENT: CustomTypeSpec = customSpec(Document, () => SHAPE);
