/** Counters of a cache. */
export interface CacheStats {
  readonly entries: number;
  readonly hits: number;
  readonly misses: number;
}

/**
 * A store of answers by request key, shared by whoever is given it. Values are frozen by the caller.
 * A cache never throws into a call: a failing read is a miss, a failing write is dropped.
 */
export abstract class Cache {
  abstract get(key: string): unknown | Promise<unknown>;
  abstract set(key: string, value: unknown): void | Promise<void>;
  abstract clear(): void | Promise<void>;
  abstract stats(): CacheStats;
  /** Releases what the store holds. */
  abstract close(): void | Promise<void>;
}
