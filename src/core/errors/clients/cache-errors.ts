import { DspexError } from '../dspex-error';

/** `DiskCache` stands on the optional package lmdb, which is not installed or has no build for this machine. */
export class DiskCacheMissingError extends DspexError {
  readonly code = 'DISK_CACHE_MISSING';

  constructor(options?: ErrorOptions) {
    super(
      'DiskCache needs the package lmdb, which could not be loaded. Install it with: npm install lmdb@3. ' +
        'FileCache does the same with plain files and needs nothing; diskCache() takes whichever is there.',
      options,
    );
  }
}

/** A file that `importCache` was given is no export of a cache, or is damaged. Nothing of it was taken. */
export class CacheImportError extends DspexError {
  readonly code = 'CACHE_IMPORT';

  constructor(
    readonly path: string,
    /** The line that is wrong, counted from 1. */
    readonly line: number,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${path}, line ${line}: ${reason}. Nothing was imported; export the cache again.`, options);
  }
}

/** A store that cannot list what it holds was to be exported. */
export class CacheNotListableError extends DspexError {
  readonly code = 'CACHE_NOT_LISTABLE';

  constructor(store: string) {
    super(`${store} cannot be exported: it has no entries(). Give it one, or export a store that has it.`);
  }
}
