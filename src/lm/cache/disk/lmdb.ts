import { DiskCacheMissingError } from '../../../core/errors/clients/cache-errors';

/** What is used of an lmdb database. */
export interface LmdbFile {
  get(key: Buffer): Buffer | undefined;
  /** Resolves when the entry is on the disk. */
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
      // A commit is one transaction with one flush, so that a resolved put survives; and only two heads to check. Without the flush
      // (`noSync`) a put takes a quarter of the time, but a power failure may tear the file.
      overlappingSync: false,
      maxDbs: 1,
    });
}
