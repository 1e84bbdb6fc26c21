import { MediaError, ValueParseError } from '../../../errors/value-errors';
import { type CustomTypeSpec, type ModelType, optionalType, STR } from '../../type-spec';
import { customSpec } from '../custom-spec';
import { CustomType } from '../custom-type';
import { optionalText, readMembers } from '../read-members';
import { dataUri, readDataUri } from './data-uri';
import { readLocalFile } from './read-file';
import { type FromUrlOptions, readUrl } from './read-url';

/** What a file is known by; at least one of the three. */
export interface FileParts {
  /** A data URI, `data:application/pdf;base64,...`. */
  readonly fileData?: string | undefined;
  /** The id of a file that the provider has already. */
  readonly fileId?: string | undefined;
  readonly filename?: string | undefined;
}

/**
 * A document file for models that read them (DSPy: `dspy.File`). `new File('data:application/pdf;base64,...')`,
 * `new File({ fileId })`; making one touches no file, `File.fromPath` reads a local one. Throws `MediaError`.
 */
export class File extends CustomType {
  readonly fileData: string | undefined;
  readonly fileId: string | undefined;
  readonly filename: string | undefined;

  constructor(source: string | FileParts) {
    super();
    const { fileData, fileId, filename } =
      typeof source === 'string' ? { fileData: checkedUri(source) } : { ...source };
    if (fileData === undefined && fileId === undefined && filename === undefined) {
      throw new MediaError('A File has at least one of fileData, fileId and filename.');
    }
    this.fileData = fileData;
    this.fileId = fileId;
    this.filename = filename;
    Object.freeze(this);
  }

  /** A file of bytes in memory; `mimeType` is `application/octet-stream` unless said. */
  static fromBytes(bytes: Uint8Array, options: { readonly filename?: string; readonly mimeType?: string } = {}): File {
    const { filename, mimeType = 'application/octet-stream' } = options;
    return new File({ fileData: dataUri(bytes, mimeType), filename });
  }

  /** A local file with its name. Throws `MediaError`. */
  static async fromPath(path: string): Promise<File> {
    const { bytes, name, mimeType } = await readLocalFile(path);
    return File.fromBytes(bytes, { filename: name, ...(mimeType === undefined ? {} : { mimeType }) });
  }

  /**
   * A file that is downloaded now, with the last part of the path as its name. Throws `DownloadError` and `BlockedAddressError`.
   */
  static async fromUrl(url: string, options?: FromUrlOptions): Promise<File> {
    const { bytes, name, mimeType } = await readUrl('File', url, options);
    return File.fromBytes(bytes, {
      ...(name === '' ? {} : { filename: name }),
      ...(mimeType === undefined ? {} : { mimeType }),
    });
  }

  /** A file that was uploaded to the provider. */
  static fromId(fileId: string, filename?: string): File {
    return new File({ fileId, filename });
  }

  static override parse(given: unknown): File {
    if (given instanceof File) return given;
    try {
      if (typeof given === 'string') return new File(given);
      const members = readMembers(given, 'File', ['file_data', 'file_id', 'filename']);
      const [fileData, fileId, filename] = ['file_data', 'file_id', 'filename'].map((name) =>
        optionalText(members, name, 'File'),
      );
      return new File({ fileData, fileId, filename });
    } catch (error) {
      if (error instanceof MediaError) throw new ValueParseError(error.message, [], { cause: error });
      throw error;
    }
  }

  override format() {
    const { fileData, fileId, filename } = this;
    const file = {
      ...(fileData === undefined ? {} : { file_data: fileData }),
      ...(fileId === undefined ? {} : { file_id: fileId }),
      ...(filename === undefined ? {} : { filename }),
    };
    return [{ type: 'file', file }];
  }

  /** What the file is known by, without its data. */
  override toString(): string {
    const { fileData, fileId, filename } = this;
    const known = [
      ...(fileData === undefined ? [] : [`file_data=${shownData(fileData)}`]),
      ...(fileId === undefined ? [] : [`file_id='${fileId}'`]),
      ...(filename === undefined ? [] : [`filename='${filename}'`]),
    ];
    return `File(${known.join(', ')})`;
  }
}

function checkedUri(text: string): string {
  if (text.startsWith('data:')) return text;
  throw new MediaError('A text for a File is a data URI. Local files are read by File.fromPath(path).');
}

function shownData(text: string): string {
  const uri = readDataUri(text);
  if (uri?.base64 !== true) return `<DATA(${text.length} chars)>`;
  return `<DATA_URI(${uri.mimeType}, ${uri.data.length} chars)>`;
}

const OPTIONAL_TEXT = { type: optionalType(STR), default: { value: null } };
const SHAPE: ModelType = {
  kind: 'model',
  name: 'File',
  fields: [
    { name: 'file_data', ...OPTIONAL_TEXT },
    { name: 'file_id', ...OPTIONAL_TEXT },
    { name: 'filename', ...OPTIONAL_TEXT },
  ],
};

/** The type of a file field. */
export const FILE: CustomTypeSpec = customSpec(File, () => SHAPE, { closed: true });
