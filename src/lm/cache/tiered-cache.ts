import { InvalidOptionError } from '../../core/errors/option-errors';
import { Cache, type CacheEntry, type CacheStats } from '../../core/ports/cache';

/**
 * A fast store in front of a slow one: read first from `memory`; what only `disk` knows is taken up into memory. Writes go to both. Closing
 * it closes both.
 */
export function tiered(memory: Cache, disk: Cache): Cache {
  for (const [option, cache] of Object.entries({ memory, disk })) {
    if (!(cache instanceof Cache)) throw new InvalidOptionError('tiered', option, cache, 'a Cache');
  }
  return new TieredCache(memory, disk);
}

class TieredCache extends Cache {
  private hits = 0;
  private misses = 0;

  constructor(
    private readonly memory: Cache,
    private readonly disk: Cache,
  ) {
    super();
  }

  get(key: string): unknown | Promise<unknown> {
    const near = this.memory.get(key);
    if (near === undefined || near instanceof Promise) return this.further(key, near);
    this.hits += 1;
    return near;
  }

  async set(key: string, value: unknown): Promise<void> {
    await this.memory.set(key, value);
    await this.disk.set(key, value);
  }

  override async delete(key: string): Promise<boolean> {
    const near = await this.memory.delete?.(key);
    const far = await this.disk.delete?.(key);
    return near === true || far === true;
  }

  override async *entries(): AsyncIterable<CacheEntry> {
    // The disk has what the memory has, unless the memory alone can list.
    yield* this.disk.entries?.() ?? this.memory.entries?.() ?? [];
  }

  async clear(): Promise<void> {
    await this.memory.clear();
    await this.disk.clear();
  }

  /** Entries, bytes, evictions and errors of the disk; hits of either. */
  stats(): CacheStats {
    return { ...this.disk.stats(), hits: this.hits, misses: this.misses };
  }

  async close(): Promise<void> {
    await this.memory.close();
    await this.disk.close();
  }

  private async further(key: string, near: unknown): Promise<unknown> {
    const known = await near;
    const value = known === undefined ? await this.disk.get(key) : known;
    if (value === undefined) {
      this.misses += 1;
      return undefined;
    }
    this.hits += 1;
    if (known === undefined) await this.memory.set(key, value);
    return value;
  }
}
