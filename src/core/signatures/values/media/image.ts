import { MediaError, ValueParseError } from '../../../errors/value-errors';
import { type CustomTypeSpec, type ModelType, STR } from '../../type-spec';
import { customSpec } from '../custom-spec';
import { CustomType } from '../custom-type';
import { readMembers, textMember } from '../read-members';
import { dataUri, readDataUri } from './data-uri';
import { readLocalFile } from './read-file';
import { type FromUrlOptions, readUrl } from './read-url';

const LINK = /^(?:https?|gs):\/\/[^/?#]/i;

/**
 * An image: an http(s) or gs URL, which the provider fetches, or a data URI (DSPy: `dspy.Image`). Making one touches no file and no
 * network; `Image.fromPath` reads a local file, `Image.fromUrl` downloads. Throws `MediaError` for any other text.
 */
export class Image extends CustomType {
  /** The URL, or the data URI. */
  readonly url: string;

  constructor(source: string | { readonly url: string }) {
    super();
    this.url = urlOf(typeof source === 'string' ? source : source?.url);
    Object.freeze(this);
  }

  /** An image of bytes in memory. `mimeType`, for example `image/png`, is read from the first bytes when it is left out. */
  static fromBytes(bytes: Uint8Array, mimeType = sniffedType(bytes)): Image {
    if (mimeType !== undefined) return new Image(dataUri(bytes, mimeType));
    throw new MediaError(
      "The bytes are no PNG, JPEG, GIF, WebP or BMP; say what they are: Image.fromBytes(bytes, 'image/...').",
    );
  }

  /** An image from a local file; its ending says what it is. Throws `MediaError`. */
  static async fromPath(path: string): Promise<Image> {
    const { bytes, mimeType } = await readLocalFile(path);
    if (mimeType === undefined) {
      throw new MediaError(
        `The ending of '${path}' does not say what it holds; use Image.fromBytes(bytes, 'image/...').`,
      );
    }
    return Image.fromBytes(bytes, mimeType);
  }

  /**
   * An image that is downloaded now and sent as data, for providers that fetch no URLs. The answer's header says what it is, else the
   * ending of the path, else the first bytes. Throws `DownloadError`, `BlockedAddressError`, and `MediaError` for what is no image.
   */
  static async fromUrl(url: string, options?: FromUrlOptions): Promise<Image> {
    const { bytes, mimeType = sniffedType(bytes) } = await readUrl('Image', url, options);
    if (mimeType?.startsWith('image/') || mimeType === 'application/pdf') return Image.fromBytes(bytes, mimeType);
    throw new MediaError(`What stands at the URL of an Image is ${mimeType ?? 'of no known type'}, not an image.`);
  }

  static override parse(given: unknown): Image {
    if (given instanceof Image) return given;
    const url = textMember(readMembers(given, 'Image', ['url']), 'url', 'Image');
    try {
      return new Image(url);
    } catch (error) {
      if (error instanceof MediaError) throw new ValueParseError(error.message, ['url'], { cause: error });
      throw error;
    }
  }

  override format() {
    return [{ type: 'image_url', image_url: { url: this.url } }];
  }

  /** The URL; of a data URI only its type and size. */
  override toString(): string {
    const { mimeType, data } = readDataUri(this.url) ?? {};
    if (data === undefined) return `Image(url='${this.url}')`;
    return `Image(url=data:${mimeType};base64,<IMAGE_BASE_64_ENCODED(${data.length})>)`;
  }
}

function urlOf(source: unknown): string {
  const text = typeof source === 'string' ? source : '';
  if (text.startsWith('data:') && text.includes(',')) return text;
  const url = text.trim();
  if (LINK.test(url)) return url;
  const shown = url.length > 100 ? `${url.slice(0, 100)}…` : url;
  throw new MediaError(
    `'${shown}' is no URL (http, https, gs) and no data URI. A local file is read by Image.fromPath(path), bytes by Image.fromBytes(bytes).`,
  );
}

const SIGNATURES: readonly (readonly [mimeType: string, start: string])[] = [
  ['image/png', '\x89PNG\r\n\x1a\n'],
  ['image/jpeg', '\xff\xd8\xff'],
  ['image/gif', 'GIF8'],
  ['image/bmp', 'BM'],
];

function sniffedType(bytes: Uint8Array): string | undefined {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.byteLength, 12)).toString('latin1');
  if (head.startsWith('RIFF') && head.endsWith('WEBP')) return 'image/webp';
  return SIGNATURES.find(([, start]) => head.startsWith(start))?.[0];
}

const SHAPE: ModelType = { kind: 'model', name: 'Image', fields: [{ name: 'url', type: STR }] };

/** The type of an image field. */
export const IMAGE: CustomTypeSpec = customSpec(Image, () => SHAPE, { closed: true });
