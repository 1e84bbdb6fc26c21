import { readFile, stat } from 'node:fs/promises';
import { basename, extname } from 'node:path';
import { MediaError } from '../../../errors/value-errors';

/** Largest file that is put into a prompt, in bytes: 64 MiB. */
export const MAX_FILE_BYTES = 64 * 1024 * 1024;

const MIME_TYPES: Readonly<Record<string, string>> = {
  '.png': 'image/png',
  '.jpg': 'image/jpeg',
  '.jpeg': 'image/jpeg',
  '.gif': 'image/gif',
  '.webp': 'image/webp',
  '.bmp': 'image/bmp',
  '.svg': 'image/svg+xml',
  '.tif': 'image/tiff',
  '.tiff': 'image/tiff',
  '.heic': 'image/heic',
  '.avif': 'image/avif',
  '.wav': 'audio/wav',
  '.mp3': 'audio/mpeg',
  '.flac': 'audio/flac',
  '.ogg': 'audio/ogg',
  '.m4a': 'audio/mp4',
  '.aac': 'audio/aac',
  '.pdf': 'application/pdf',
  '.txt': 'text/plain',
  '.md': 'text/markdown',
  '.csv': 'text/csv',
  '.json': 'application/json',
  '.html': 'text/html',
  '.xml': 'application/xml',
};

/** What a local file holds. */
export interface LocalFile {
  readonly bytes: Uint8Array;
  readonly name: string;
  /** By the ending of the name; `undefined` when it is not known. */
  readonly mimeType: string | undefined;
}

/** The type that the ending of a file's name or of a URL's path stands for. */
export function mimeTypeOf(name: string): string | undefined {
  return MIME_TYPES[extname(name).toLowerCase()];
}

/** Reads a local file because a program asks for it by name; text of a prompt or an answer never gets here. */
export async function readLocalFile(path: string): Promise<LocalFile> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new MediaError(`The file '${path}' cannot be read.`, { cause });
  });
  if (size > MAX_FILE_BYTES) {
    throw new MediaError(`The file '${path}' has ${size} bytes; at most ${MAX_FILE_BYTES} go into a prompt.`);
  }
  return { bytes: await readFile(path), name: basename(path), mimeType: mimeTypeOf(path) };
}
