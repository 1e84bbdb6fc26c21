import { MediaError, ValueParseError } from '../../../errors/value-errors';
import { type CustomTypeSpec, type ModelType, STR } from '../../type-spec';
import { customSpec } from '../custom-spec';
import { CustomType } from '../custom-type';
import { readMembers, textMember } from '../read-members';
import { readDataUri } from './data-uri';
import { readLocalFile } from './read-file';
import { type FromUrlOptions, readUrl } from './read-url';

/**
 * A sound as base64 data with its format (DSPy: `dspy.Audio`). `new Audio('data:audio/wav;base64,...')` or
 * `new Audio({ data, format })`; making one touches no file. Throws `MediaError` for any other text.
 */
export class Audio extends CustomType {
  /** Base64. */
  readonly data: string;
  /** For example `wav` or `mp3`. */
  readonly audioFormat: string;

  constructor(source: string | { readonly data: string; readonly audioFormat: string }) {
    super();
    const { data, audioFormat } = typeof source === 'string' ? fromUri(source) : source;
    if (typeof data !== 'string' || typeof audioFormat !== 'string') {
      throw new MediaError('An Audio has data (base64) and an audioFormat, both texts.');
    }
    this.data = data;
    this.audioFormat = audioFormat;
    Object.freeze(this);
  }

  /** A sound of bytes in memory; `audioFormat` is `wav` unless said. */
  static fromBytes(bytes: Uint8Array, audioFormat = 'wav'): Audio {
    return new Audio({ data: Buffer.from(bytes).toString('base64'), audioFormat });
  }

  /** A sound from a local file; its ending says the format. Throws `MediaError`. */
  static async fromPath(path: string): Promise<Audio> {
    const { bytes, mimeType } = await readLocalFile(path);
    if (mimeType?.startsWith('audio/')) return Audio.fromBytes(bytes, plainFormat(mimeType));
    throw new MediaError(`The ending of '${path}' is not that of a sound; use Audio.fromBytes(bytes, 'wav').`);
  }

  /**
   * A sound that is downloaded now. The answer's header says the format, else the ending of the path. Throws `DownloadError`,
   * `BlockedAddressError`, and `MediaError` for what is no sound.
   */
  static async fromUrl(url: string, options?: FromUrlOptions): Promise<Audio> {
    const { bytes, mimeType } = await readUrl('Audio', url, options);
    if (mimeType?.startsWith('audio/')) return Audio.fromBytes(bytes, plainFormat(mimeType));
    throw new MediaError(`What stands at the URL of an Audio is ${mimeType ?? 'of no known type'}, not a sound.`);
  }

  static override parse(given: unknown): Audio {
    if (given instanceof Audio) return given;
    try {
      if (typeof given === 'string') return new Audio(given);
    } catch (error) {
      if (error instanceof MediaError) throw new ValueParseError(error.message, [], { cause: error });
      throw error;
    }
    const members = readMembers(given, 'Audio', ['data', 'audio_format']);
    const data = textMember(members, 'data', 'Audio');
    return new Audio({ data, audioFormat: textMember(members, 'audio_format', 'Audio') });
  }

  override format() {
    return [{ type: 'input_audio', input_audio: { data: this.data, format: this.audioFormat } }];
  }

  /** The format and the size, without the data. */
  override toString(): string {
    return `Audio(data=<AUDIO_BASE_64_ENCODED(${this.data.length})>, audio_format='${this.audioFormat}')`;
  }
}

function fromUri(text: string) {
  const uri = readDataUri(text);
  const audioFormat = uri?.mimeType.startsWith('audio/') ? plainFormat(uri.mimeType) : '';
  if (uri !== undefined && audioFormat !== '') return { data: uri.data, audioFormat };
  throw new MediaError('A text for an Audio is a data URI of a sound. Local files are read by Audio.fromPath(path).');
}

/** `audio/x-wav` is `wav`. */
function plainFormat(mimeType: string): string {
  return mimeType.slice('audio/'.length).replace(/^x-/, '');
}

const SHAPE: ModelType = {
  kind: 'model',
  name: 'Audio',
  fields: [
    { name: 'data', type: STR },
    { name: 'audio_format', type: STR },
  ],
};

/** The type of a sound field. */
export const AUDIO: CustomTypeSpec = customSpec(Audio, () => SHAPE, { closed: true });
