import { mkdirSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { LmdbFile, OpenLmdb } from './lmdb';
import { findDamage } from './page-check';

/** Damaged files that are kept to be looked at; older ones are removed. */
const KEPT_DAMAGED = 2;

/** One lmdb file of a disk cache. A cache has several, so that the oldest can be dropped as a whole. */
export class Segment {
  /** Pages that puts in flight will take, in bytes. */
  private coming = 0;
  private readonly puts = new Set<Promise<unknown>>();

  private constructor(
    readonly path: string,
    readonly file: LmdbFile,
  ) {}

  /**
   * Opens the file, or makes it. One that is damaged is moved into `quarantine` beside its folder: then the result is `undefined`.
   * Throws where the disk cannot be written, or when lmdb writes a layout that cannot be checked here.
   */
  static open(path: string, openLmdb: OpenLmdb): Segment | undefined {
    if (findDamage(path) !== undefined) {
      quarantine(path);
      return undefined;
    }
    const file = openLmdb(path);
    // Whatever was wrong with a file just made is wrong with this build of lmdb, not with the file.
    const layout = findDamage(path);
    if (layout === undefined) return new Segment(path, file);
    file.close().catch(() => {});
    throw new Error(`this build of lmdb writes files that cannot be checked (${layout})`);
  }

  /** Bytes on the disk, those of puts in flight included; `undefined` when the file is no longer there. */
  bytes(): number | undefined {
    const size = statSync(this.path, { throwIfNoEntry: false })?.size;
    return size === undefined ? undefined : size + this.coming;
  }

  /** Resolves when the entry is on the disk. */
  async put(key: Buffer, value: Buffer): Promise<void> {
    const bytes = Math.ceil((value.length + 64) / 4096) * 4096;
    this.coming += bytes;
    const put = this.file.put(key, value);
    this.puts.add(put);
    try {
      await put;
    } catch (error) {
      // lmdb gives the cause as a second promise that fails; if nobody listened to that one, the process would end.
      (error as { commitError?: Promise<unknown> }).commitError?.catch(() => {});
      throw error;
    } finally {
      this.puts.delete(put);
      this.coming -= bytes;
    }
  }

  /** Waits for the puts in flight, then closes the file. */
  async close(): Promise<void> {
    await Promise.allSettled(this.puts);
    await this.file.close();
  }

  /** Closes the file and removes it; where others hold it open (Windows), it is at least empty. */
  async remove({ emptied = false } = {}): Promise<void> {
    if (emptied) await this.file.clearAsync();
    await this.close();
    removeFiles(this.path);
  }
}

/** Removes the file and the lock beside it. Somebody else may have been first. */
export function removeFiles(path: string): void {
  for (const one of [path, `${path}-lock`]) {
    try {
      rmSync(one, { force: true });
    } catch {
      // In use by another process on a system that keeps such files.
    }
  }
}

function quarantine(path: string): void {
  const folder = join(dirname(dirname(path)), 'quarantine');
  try {
    mkdirSync(folder, { recursive: true });
    const older = readdirSync(folder).filter((name) => name.endsWith('.mdb'));
    for (const name of older.sort().slice(0, Math.max(0, older.length - KEPT_DAMAGED + 1)))
      removeFiles(join(folder, name));
    renameSync(path, join(folder, basename(path)));
  } catch {
    // Another process was first, or the disk is read-only: then it is left where it is, and not read.
  }
  removeFiles(`${path}-lock`);
}
