import NodeCache from 'node-cache';
import { InvalidOptionError } from '../../core/errors/option-errors';
import { Cache, type CacheEntry, type CacheStats } from '../../core/ports/cache';
import { checkOptions, wholeNumber } from '../../core/util/check-options';
import { monotonicMs } from '../../core/util/clock';
import { deepFreeze } from '../../core/util/deep-freeze';
import { approximateBytes } from './approximate-bytes';

export interface MemoryCacheOptions {
  /** Most entries; the one that was not used for longest goes first. Default 100,000. */
  readonly maxEntries?: number;
  /** Most bytes of values, estimated; default 256 MiB. A larger single value is not kept. */
  readonly maxBytes?: number;
  /** An entry is forgotten this long after it was written, in seconds; default never. */
  readonly ttlSeconds?: number;
}

interface Recency {
  readonly bytes: number;
  readonly expiresAt: number;
}

/** Answers in memory, bounded in number and size, the least recently used going first. Values are frozen, never copied. */
export class MemoryCache extends Cache {
  /** The only user of node-cache. It neither copies (values are frozen) nor runs a timer; it refuses new entries when full. */
  private readonly store = new NodeCache({ useClones: false, checkperiod: 0, stdTTL: 0 });
  /** Key to size, least recently used first. Expiry is kept here by the monotonic clock: node-cache reads the wall clock. */
  private readonly recency = new Map<string, Recency>();
  private readonly maxEntries: number;
  private readonly maxBytes: number;
  private readonly ttlMs: number;
  private bytes = 0;
  private hits = 0;
  private misses = 0;
  private evictions = 0;

  constructor(options: MemoryCacheOptions = {}) {
    super();
    checkOptions('MemoryCache', options, ['maxEntries', 'maxBytes', 'ttlSeconds']);
    const { maxEntries = 100_000, maxBytes = 256 * 1024 * 1024, ttlSeconds = Number.POSITIVE_INFINITY } = options;
    this.maxEntries = wholeNumber('MemoryCache', 'maxEntries', maxEntries, 1);
    this.maxBytes = wholeNumber('MemoryCache', 'maxBytes', maxBytes, 1);
    if (!(ttlSeconds > 0)) throw new InvalidOptionError('MemoryCache', 'ttlSeconds', ttlSeconds, 'a number above 0');
    this.ttlMs = ttlSeconds * 1000;
  }

  get(key: string): unknown {
    const known = this.recency.get(key);
    if (known === undefined || known.expiresAt <= monotonicMs()) {
      if (known !== undefined) this.drop(key, known);
      this.misses += 1;
      return undefined;
    }
    this.recency.delete(key);
    this.recency.set(key, known);
    this.hits += 1;
    return this.store.get(key);
  }

  set(key: string, value: unknown): void {
    const old = this.recency.get(key);
    if (old !== undefined) this.drop(key, old);
    const bytes = approximateBytes(value);
    if (bytes > this.maxBytes) return;
    this.store.set(key, deepFreeze(value));
    this.recency.set(key, { bytes, expiresAt: monotonicMs() + this.ttlMs });
    this.bytes += bytes;
    for (const [oldest, known] of this.recency) {
      if (this.recency.size <= this.maxEntries && this.bytes <= this.maxBytes) break;
      this.drop(oldest, known);
      this.evictions += 1;
    }
  }

  override delete(key: string): boolean {
    const known = this.recency.get(key);
    if (known !== undefined) this.drop(key, known);
    return known !== undefined;
  }

  override *entries(): Iterable<CacheEntry> {
    for (const [key, { expiresAt }] of [...this.recency]) {
      if (expiresAt > monotonicMs()) yield [key, this.store.get(key)];
    }
  }

  clear(): void {
    this.store.flushAll();
    this.recency.clear();
    this.bytes = 0;
  }

  stats(): CacheStats {
    const { bytes, hits, misses, evictions } = this;
    return { entries: this.recency.size, hits, misses, bytes, evictions };
  }

  close(): void {
    this.clear();
    this.store.close();
  }

  private drop(key: string, { bytes }: Recency): void {
    this.store.del(key);
    this.recency.delete(key);
    this.bytes -= bytes;
  }
}
