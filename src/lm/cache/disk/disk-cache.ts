import { join } from 'node:path';
import { InvalidOptionError } from '../../../core/errors/option-errors';
import { Cache, type CacheEntry, type CacheStats } from '../../../core/ports/cache';
import type { Logger } from '../../../core/ports/logger';
import { checkOptions, wholeNumber } from '../../../core/util/check-options';
import { monotonicMs, wallClockMs } from '../../../core/util/clock';
import { defaultCacheDirectory } from '../file-cache';
import { MemoryFallback } from '../memory-fallback';
import { decodeEntry, encodeEntry, storedKey } from './entry';
import { loadLmdb } from './lmdb';
import { Segments } from './segments';

export interface DiskCacheOptions {
  /** Most bytes on the disk, at least 1 MiB; default 1 GiB. What was written first goes first. A value above a tenth is not kept. */
  readonly maxBytes?: number;
  /** An entry is forgotten this long after it was written, in seconds; default never. */
  readonly ttlSeconds?: number;
  /** Told once when the disk cannot be used; default the logger of the settings. */
  readonly logger?: Logger;
}

/** Names the layout; another layout gets another folder, so that versions do not read each other's files. */
const LAYOUT = 'answers-lmdb-1';

/**
 * Answers in lmdb files that outlive the process and may be shared by several processes of one machine; not for network disks.
 * A resolved `set` survives the death of the process. Files are checked before lmdb maps them and each entry has a checksum: what
 * is damaged is a miss. Where the disk cannot be written, or lmdb is not installed, new answers are kept in memory, after
 * one warning. Nothing is touched before the first use.
 */
export class DiskCache extends Cache {
  /** The folder; it is made at the first use. */
  readonly directory: string;
  private readonly maxBytes: number;
  private readonly ttlMs: number;
  private readonly fallback: MemoryFallback;
  /**
   * The age of an entry must hold across processes, so entries carry the time of day. It is read once: from there this process counts
   * on by the monotonic clock, so that a jump of the clock neither forgets nor revives anything.
   */
  private readonly clockOffset = wallClockMs() - monotonicMs();
  private opening: Promise<Segments> | undefined;
  private segments: Segments | undefined;
  private closed = false;
  private hits = 0;
  private misses = 0;
  private errors = 0;

  /** Throws `UnknownOptionError` or `InvalidOptionError`. */
  constructor(directory: string = defaultCacheDirectory(), options: DiskCacheOptions = {}) {
    super();
    checkOptions('DiskCache', options, ['maxBytes', 'ttlSeconds', 'logger']);
    if (typeof directory !== 'string' || directory === '') {
      throw new InvalidOptionError('DiskCache', 'directory', directory, 'the path of a folder');
    }
    const { maxBytes = 1024 ** 3, ttlSeconds = Number.POSITIVE_INFINITY } = options;
    this.maxBytes = wholeNumber('DiskCache', 'maxBytes', maxBytes, 1024 ** 2);
    if (!(ttlSeconds > 0)) throw new InvalidOptionError('DiskCache', 'ttlSeconds', ttlSeconds, 'a number above 0');
    this.ttlMs = ttlSeconds * 1000;
    this.directory = directory;
    this.fallback = new MemoryFallback(directory, options.logger);
  }

  /**
   * Opens the files now, to hear of a problem that a first use would hide: rejects with `DiskCacheMissingError` when lmdb is not
   * there, or with the error of the disk.
   */
  async open(): Promise<void> {
    await this.opened();
  }

  /** At once where the files are open, without a promise; a promise before that. */
  get(key: string): unknown | Promise<unknown> {
    if (this.segments === undefined || this.fallback.memory !== undefined) return this.getLater(key);
    const value = this.read(this.segments, key);
    return value instanceof Promise ? value.then((late) => this.counted(late)) : this.counted(value);
  }

  async set(key: string, value: unknown): Promise<void> {
    if (this.closed) return;
    if (this.fallback.memory === undefined) {
      try {
        const stored = storedKey(key);
        const bytes = encodeEntry(stored, value, this.now());
        if (bytes !== undefined) await (await this.opened()).put(stored, bytes);
        return;
      } catch (error) {
        if (this.closed) return;
        this.errors += 1;
        this.fallback.begin(error);
      }
    }
    this.fallback.memory?.set(key, value);
  }

  override async delete(key: string): Promise<boolean> {
    const inMemory = this.fallback.memory?.delete(key) ?? false;
    const segments = await this.usable();
    return (await segments?.remove(storedKey(key))) || inMemory;
  }

  override async *entries(): AsyncIterable<CacheEntry> {
    yield* this.fallback.memory?.entries() ?? [];
    const segments = await this.usable();
    for (const { key, value } of segments?.entries() ?? []) {
      const entry = decodeEntry(key, value);
      if (entry !== undefined && !this.isOver(entry.writtenAt)) yield [key.toString('hex'), entry.value];
    }
  }

  async clear(): Promise<void> {
    this.fallback.memory?.clear();
    await (await this.usable())?.clear();
  }

  /** `entries` and `bytes` are those of the files that this process has open: none before the first use. */
  stats(): CacheStats {
    const { hits, misses } = this;
    const disk = this.segments?.counts() ?? { entries: 0, bytes: 0 };
    const memory = this.fallback.memory?.stats();
    return {
      entries: disk.entries + (memory?.entries ?? 0),
      hits,
      misses,
      bytes: disk.bytes + (memory?.bytes ?? 0),
      evictions: (this.segments?.evictions ?? 0) + (memory?.evictions ?? 0),
      errors: this.errors + (this.segments?.damaged ?? 0),
    };
  }

  /** Waits for the writes in flight and closes the files. After that nothing is found, and nothing is kept. */
  async close(): Promise<void> {
    this.closed = true;
    this.fallback.memory?.close();
    const segments = await this.opening?.catch(() => undefined);
    this.segments = undefined;
    await segments?.close();
  }

  private async getLater(key: string): Promise<unknown> {
    const near = this.fallback.memory?.get(key);
    if (near !== undefined) return this.counted(near);
    const segments = await this.usable();
    return this.counted(segments && (await this.read(segments, key)));
  }

  private counted(value: unknown): unknown {
    if (value === undefined) this.misses += 1;
    else this.hits += 1;
    return value;
  }

  /** A promise only where the entry is of no use any more, and so is removed. */
  private read(segments: Segments, key: string): unknown {
    try {
      const stored = storedKey(key);
      const bytes = segments.get(stored);
      if (bytes === undefined) return undefined;
      const entry = decodeEntry(stored, bytes);
      if (entry !== undefined && !this.isOver(entry.writtenAt)) return entry.value;
      if (entry === undefined) this.errors += 1;
      return segments.remove(stored).then(nothing, () => this.failed());
    } catch {
      return this.failed();
    }
  }

  private failed(): undefined {
    this.errors += 1;
    return undefined;
  }

  private opened(): Promise<Segments> {
    this.opening ??= loadLmdb().then((openLmdb) => {
      this.segments = new Segments(join(this.directory, LAYOUT), this.maxBytes, openLmdb);
      return this.segments;
    });
    return this.opening;
  }

  /** The files, or `undefined` where they cannot be used. */
  private async usable(): Promise<Segments | undefined> {
    if (this.closed) return undefined;
    try {
      return await this.opened();
    } catch (error) {
      this.fallback.begin(error);
      return undefined;
    }
  }

  /** Asks for the time only where something can be over. */
  private isOver(writtenAt: number): boolean {
    return this.ttlMs !== Number.POSITIVE_INFINITY && this.now() - writtenAt >= this.ttlMs;
  }

  private now(): number {
    return this.clockOffset + monotonicMs();
  }
}

function nothing(): undefined {
  return undefined;
}
