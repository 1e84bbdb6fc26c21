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

interface Kept {
  readonly value: unknown;
  readonly bytes: number;
  /** On the monotonic clock: a jump of the clock on the wall neither forgets nor revives anything. */
  readonly expiresAt: number;
}

/** Answers in memory, bounded in number and size, the least recently used going first. Values are frozen, never copied. */
export class MemoryCache extends Cache {
  /** The least recently used first. */
  private readonly kept = new Map<string, Kept>();
  /**
   * Goes on where it stopped: a new one would first step over the places of all that went before, up to one for each entry. But as long as
   * it stands still it holds every table that the map has outgrown since, so it is let go once the map was written as often as it is long.
   */
  private oldest: Iterator<string> | undefined;
  private writes = 0;
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
    const known = this.kept.get(key);
    if (known === undefined || this.isOver(known)) {
      if (known !== undefined) this.drop(key, known);
      this.misses += 1;
      return undefined;
    }
    this.kept.delete(key);
    this.write(key, known);
    this.hits += 1;
    return known.value;
  }

  set(key: string, value: unknown): void {
    const old = this.kept.get(key);
    if (old !== undefined) this.drop(key, old);
    const bytes = approximateBytes(value);
    if (bytes > this.maxBytes) return;
    const { ttlMs } = this;
    const expiresAt = ttlMs === Number.POSITIVE_INFINITY ? ttlMs : monotonicMs() + ttlMs;
    this.write(key, { value: deepFreeze(value), bytes, expiresAt });
    this.bytes += bytes;
    if (this.kept.size > this.maxEntries || this.bytes > this.maxBytes) this.evict();
  }

  override delete(key: string): boolean {
    const known = this.kept.get(key);
    if (known !== undefined) this.drop(key, known);
    return known !== undefined;
  }

  override *entries(): Iterable<CacheEntry> {
    for (const [key, known] of [...this.kept]) if (!this.isOver(known)) yield [key, known.value];
  }

  clear(): void {
    this.kept.clear();
    this.bytes = 0;
  }

  stats(): CacheStats {
    const { bytes, hits, misses, evictions } = this;
    return { entries: this.kept.size, hits, misses, bytes, evictions };
  }

  close(): void {
    this.clear();
  }

  private write(key: string, known: Kept): void {
    this.kept.set(key, known);
    this.writes += 1;
    if (this.writes <= this.kept.size) return;
    this.writes = 0;
    this.oldest = undefined;
  }

  private evict(): void {
    while (this.kept.size > this.maxEntries || this.bytes > this.maxBytes) {
      this.oldest ??= this.kept.keys();
      const { value: key, done } = this.oldest.next();
      const known = done ? undefined : this.kept.get(key);
      if (known === undefined) this.oldest = undefined;
      else {
        this.drop(key, known);
        this.evictions += 1;
      }
    }
  }

  /** Asks for the time only where something can be over. */
  private isOver({ expiresAt }: Kept): boolean {
    return expiresAt !== Number.POSITIVE_INFINITY && expiresAt <= monotonicMs();
  }

  private drop(key: string, { bytes }: Kept): void {
    this.kept.delete(key);
    this.bytes -= bytes;
  }
}
