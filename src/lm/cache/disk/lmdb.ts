import { DiskCacheMissingError } from '../../../core/errors/clients/cache-errors';

/** What is used of an lmdb database. */
export interface LmdbFile {
  get(key: Buffer): Buffer | undefined;
  /** Resolves when the entry survives the process. */
  put(key: Buffer, value: Buffer): Promise<boolean>;
  remove(key: Buffer): Promise<boolean>;
  doesExist(key: Buffer): boolean;
  clearAsync(): Promise<void>;
  getRange(): Iterable<{ readonly key: Buffer; readonly value: Buffer }>;
  getCount(): number;
  close(): Promise<void>;
}

/** Opens a file, or makes it. */
export type OpenLmdb = (path: string) => LmdbFile;

/** The only user of lmdb. It is loaded at the first use of a `DiskCache`; rejects with `DiskCacheMissingError`. */
export async function loadLmdb(): Promise<OpenLmdb> {
  const { open } = await import('lmdb').catch((cause: unknown) => {
    throw new DiskCacheMissingError({ cause });
  });
  return (path) =>
    open<Buffer, Buffer>({
      path,
      noSubdir: true,
      encoding: 'binary',
      keyEncoding: 'binary',
      // A commit is written to the system before its puts resolve, so that they survive the process. To flush each one to the disk as well would
      // be for power failures alone, and takes most of a put (60 of 70 us in a file of 40,000 entries).
      noSync: true,
      // Only two heads to check.
      overlappingSync: false,
      maxDbs: 1,
    });
}
