/** Counters of a cache. */
export interface CacheStats {
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
  /** What the entries take, in memory or on disk, where the store knows it. */
  readonly bytes?: number;
  /** Entries dropped to stay within a bound of the store. */
  readonly evictions?: number;
  /** Reads and writes that failed, and entries that were found damaged. */
  readonly errors?: number;
}

/**
 * A store of answers by request key, shared by whoever is given it. Values are frozen by the caller.
 * A cache never throws into a call: a failing read is a miss, a failing write is dropped.
 */
export abstract class Cache {
  abstract get(key: string): unknown | Promise<unknown>;
  /** When it has resolved, the entry can be read, by other processes too where the store is shared. */
  abstract set(key: string, value: unknown): void | Promise<void>;
  abstract clear(): void | Promise<void>;
  abstract stats(): CacheStats;
  /** Releases what the store holds. */
  abstract close(): void | Promise<void>;
  /** Forgets one entry; true when there was one. A store may do without. */
  delete?(key: string): boolean | Promise<boolean>;
  /** Every entry, in any order, for `exportCache`. A store may do without. Entries written meanwhile may be left out. */
  entries?(): Iterable<CacheEntry> | AsyncIterable<CacheEntry>;
}

/** A key and its value. */
export type CacheEntry = readonly [key: string, value: unknown];
