import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { InvalidOptionError } from '../../core/errors/option-errors';
import { Cache, type CacheEntry, type CacheStats } from '../../core/ports/cache';
import type { Logger } from '../../core/ports/logger';
import { checkOptions } from '../../core/util/check-options';
import { deepFreeze } from '../../core/util/deep-freeze';
import { parseJson } from '../../core/util/json';
import { platformCacheFolder } from '../../core/util/platform-cache';
import { MemoryFallback } from './memory-fallback';

export interface FileCacheOptions {
  /** Told once when the folder cannot be written; default the logger of the settings. */
  readonly logger?: Logger;
}

/** Names the layout; another layout gets another folder, so that versions do not read each other's files. */
const LAYOUT = 'answers-1';

/** Where answers are kept: `DSPEX_CACHE_DIR`, else `dspex` in the platform's cache folder. */
export function defaultCacheDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return env['DSPEX_CACHE_DIR'] || join(platformCacheFolder(env), 'dspex');
}

/**
 * Answers in plain files, one each, that outlive the process and may be shared by several processes: every file is written
 * aside and renamed, and carries a checksum. A damaged file is a miss and is put into `quarantine`. Where the folder cannot
 * be written, new answers are kept in memory, after one warning. Nothing is touched before the first use, and nothing is
 * ever removed but by `clear()`.
 */
export class FileCache extends Cache {
  /** The folder; it is made when the first answer is written. */
  readonly directory: string;
  private readonly fallback: MemoryFallback;
  private written = 0;
  private hits = 0;
  private misses = 0;
  private errors = 0;

  constructor(directory: string = defaultCacheDirectory(), options: FileCacheOptions = {}) {
    super();
    checkOptions('FileCache', options, ['logger']);
    if (typeof directory !== 'string' || directory === '') {
      throw new InvalidOptionError('FileCache', 'directory', directory, 'the path of a folder');
    }
    this.directory = directory;
    this.fallback = new MemoryFallback(directory, options.logger);
  }

  async get(key: string): Promise<unknown> {
    const value = this.fallback.memory?.get(key) ?? (await this.read(this.pathOf(key)));
    if (value === undefined) this.misses += 1;
    else this.hits += 1;
    return value;
  }

  async set(key: string, value: unknown): Promise<void> {
    if (this.fallback.memory !== undefined) {
      this.fallback.memory.set(key, value);
      return;
    }
    const text = JSON.stringify(value);
    if (text === undefined) return;
    try {
      await this.write(this.pathOf(key), `${checksum(text)}\n${text}`);
      this.written += 1;
    } catch (error) {
      this.errors += 1;
      this.fallback.begin(error).set(key, value);
    }
  }

  override async delete(key: string): Promise<boolean> {
    const inMemory = this.fallback.memory?.delete(key) ?? false;
    try {
      await rm(this.pathOf(key));
      return true;
    } catch {
      return inMemory;
    }
  }

  /** A key that is no SHA-256 in hex comes back as its SHA-256, under which it is found too. */
  override async *entries(): AsyncIterable<CacheEntry> {
    yield* this.fallback.memory?.entries() ?? [];
    const folder = join(this.directory, LAYOUT);
    for (const name of await readdir(folder, { recursive: true }).catch(() => [])) {
      const key = /([0-9a-f]{64})\.json$/u.exec(basename(name))?.[1];
      const value = key === undefined ? undefined : await this.read(join(folder, name));
      if (key !== undefined && value !== undefined) yield [key, value];
    }
  }

  async clear(): Promise<void> {
    this.fallback.memory?.clear();
    this.written = 0;
    await rm(join(this.directory, LAYOUT), { recursive: true, force: true });
  }

  /** `entries` are those that this object wrote; counting the files would mean reading the folder. */
  stats(): CacheStats {
    const { written, hits, misses, errors } = this;
    return { entries: written + (this.fallback.memory?.stats().entries ?? 0), hits, misses, errors };
  }

  close(): void {
    this.fallback.memory?.close();
  }

  private pathOf(key: string): string {
    const name = /^[0-9a-f]{64}$/u.test(key) ? key : checksum(key);
    return join(this.directory, LAYOUT, name.slice(0, 2), `${name}.json`);
  }

  private async read(path: string): Promise<unknown> {
    let content: string;
    try {
      content = await readFile(path, 'utf8');
    } catch {
      return undefined;
    }
    const end = content.indexOf('\n');
    const text = content.slice(end + 1);
    if (end < 0 || content.slice(0, end) !== checksum(text)) {
      this.errors += 1;
      await this.quarantine(path);
      return undefined;
    }
    try {
      return deepFreeze(parseJson(text));
    } catch {
      // Whole, but larger or deeper than anything that is read here.
      return undefined;
    }
  }

  /** No flush: after a power failure a torn file is a miss, by its checksum. */
  private async write(path: string, content: string): Promise<void> {
    await mkdir(dirname(path), { recursive: true });
    const aside = `${path}.${randomUUID()}.tmp`;
    try {
      await writeFile(aside, content, { flag: 'wx' });
      await rename(aside, path);
    } catch (error) {
      await rm(aside, { force: true }).catch(() => {});
      // Windows refuses to replace a file that somebody reads; it holds the same answer.
      if ((await stat(path).catch(() => undefined)) === undefined) throw error;
    }
  }

  private async quarantine(path: string): Promise<void> {
    const folder = join(this.directory, 'quarantine');
    try {
      await mkdir(folder, { recursive: true });
      await rename(path, join(folder, `${randomUUID()}.json`));
    } catch {
      // Another process was first, or the folder is read-only: the file stays a miss.
    }
  }
}

function checksum(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
