import { basename } from 'node:path/posix';
import { DownloadError, NoDownloaderError } from '../../../errors/value-errors';
import type { Downloader, DownloadOptions } from '../../../ports/downloader';
import { checkOptions } from '../../../util/check-options';
import { mimeTypeOf } from './read-file';

/** Options of `Image.fromUrl`, `Audio.fromUrl` and `File.fromUrl`. */
export interface FromUrlOptions extends DownloadOptions {
  /** What downloads; default the shipped one, by HTTP. */
  readonly downloader?: Downloader | undefined;
}

const OPTIONS: readonly (keyof FromUrlOptions)[] = ['timeoutMs', 'maxBytes', 'allowPrivate', 'signal', 'downloader'];

let standard: Downloader | undefined;

/** Says what downloads. The package's entry does it, so that values need not know any client. */
export function setDownloader(downloader: Downloader): void {
  standard = downloader;
}

/** What stood at a URL, for a value of a prompt. */
export interface RemoteFile {
  readonly bytes: Uint8Array;
  /** The last part of the path; empty when it has none. */
  readonly name: string;
  /** By the answer's header, else by the ending of the path; `undefined` when neither says it. */
  readonly mimeType: string | undefined;
}

/** Downloads because a program asks for it by a URL; text of a prompt or an answer never gets here. */
export async function readUrl(owner: string, url: string, options: FromUrlOptions = {}): Promise<RemoteFile> {
  checkOptions(`${owner}.fromUrl`, options, OPTIONS);
  const { downloader = standard, ...rest } = options;
  if (downloader === undefined) throw new NoDownloaderError(owner);
  if (typeof url !== 'string' || !URL.canParse(url)) {
    throw new DownloadError(String(url), `it is no URL. ${owner}.fromPath reads a local file.`);
  }
  const { bytes, contentType } = await downloader.download(url, rest);
  const name = nameIn(new URL(url).pathname);
  return { bytes, name, mimeType: plainType(contentType) ?? mimeTypeOf(name) };
}

/** The type without its parameters; a type that says only "bytes" says nothing. */
function plainType(contentType: string | undefined): string | undefined {
  const type = contentType?.split(';', 1)[0]?.trim().toLowerCase() ?? '';
  const says = /^[a-z0-9.+-]+\/[a-z0-9.+-]+$/.test(type) && !/^(application|binary)\/octet-stream$/.test(type);
  return says ? type : undefined;
}

function nameIn(path: string): string {
  const name = basename(path);
  try {
    return decodeURIComponent(name);
  } catch {
    return name;
  }
}
