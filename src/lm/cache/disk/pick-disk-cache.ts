import { DiskCacheMissingError } from '../../../core/errors/clients/cache-errors';
import type { Cache } from '../../../core/ports/cache';
import { FileCache } from '../file-cache';
import { DiskCache, type DiskCacheOptions } from './disk-cache';
import { loadLmdb } from './lmdb';

/**
 * A store on disk: `DiskCache` where lmdb is installed, else `FileCache`, which knows neither `maxBytes` nor `ttlSeconds`. `directory` defaults to
 * `DSPEX_CACHE_DIR`, else `dspex` in the platform's cache folder. The two do not read each other's entries.
 */
export async function diskCache(directory?: string, options: DiskCacheOptions = {}): Promise<Cache> {
  const cache = new DiskCache(directory, options);
  try {
    await loadLmdb();
    return cache;
  } catch (error) {
    if (!(error instanceof DiskCacheMissingError)) throw error;
    return new FileCache(cache.directory, options.logger === undefined ? {} : { logger: options.logger });
  }
}
