import { randomUUID } from 'node:crypto';
import { mkdirSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { OpenLmdb } from './lmdb';
import { removeFiles, Segment } from './segment';

/** A fifth of the bytes each; one fifth stays empty, for what several processes write at the same moment. */
const SHARES = 5;
const NAME = /^\d{8}-[0-9a-f]{8}\.mdb$/u;

/**
 * The files of a disk cache, newest first. Entries are written into the newest; when it is full a new one is begun and the
 * oldest are removed, so that space is given back without moving anything. Other processes do the same in the same folder: what
 * they began is found by looking again, which a miss and a full file do.
 */
export class Segments {
  /** Entries that went with a removed file. */
  evictions = 0;
  /** Files that were found damaged. */
  damaged = 0;
  private list: Segment[] = [];
  private readonly closing = new Set<Promise<void>>();
  private readonly segmentBytes: number;

  /** Makes the folder, and opens what is in it. Throws where that cannot be written. */
  constructor(
    private readonly folder: string,
    private readonly maxBytes: number,
    private readonly openLmdb: OpenLmdb,
  ) {
    this.segmentBytes = Math.floor(maxBytes / SHARES);
    mkdirSync(folder, { recursive: true });
    try {
      this.look();
      if (this.list.length === 0) this.begin();
    } catch (error) {
      for (const segment of this.list) this.end(segment.close());
      throw error;
    }
  }

  get(key: Buffer): Buffer | undefined {
    return this.find(key) ?? (this.look() ? this.find(key) : undefined);
  }

  /** Resolves when the entry is on the disk. One larger than half a file is not kept. */
  async put(key: Buffer, value: Buffer): Promise<void> {
    if (value.length * 2 > this.segmentBytes) return;
    let newest = this.writable();
    if (newest === undefined) {
      this.look();
      newest = this.writable() ?? this.begin();
    }
    await newest.put(key, value);
  }

  async remove(key: Buffer): Promise<boolean> {
    this.look();
    const removed = this.list.filter(({ file }) => file.doesExist(key)).map(({ file }) => file.remove(key));
    return (await Promise.all(removed)).length > 0;
  }

  *entries(): Iterable<{ readonly key: Buffer; readonly value: Buffer }> {
    this.look();
    for (const [index, { file }] of this.list.entries()) {
      for (const entry of file.getRange()) {
        if (!this.list.slice(0, index).some((newer) => newer.file.doesExist(entry.key))) yield entry;
      }
    }
  }

  async clear(): Promise<void> {
    this.look();
    await Promise.all(this.list.splice(0).map((segment) => segment.remove({ emptied: true })));
  }

  /** Entries in all files, one that stands in two files twice, and their bytes on the disk. */
  counts(): { readonly entries: number; readonly bytes: number } {
    let [entries, bytes] = [0, 0];
    for (const segment of this.list) {
      entries += segment.file.getCount();
      bytes += segment.bytes() ?? 0;
    }
    return { entries, bytes };
  }

  async close(): Promise<void> {
    await Promise.all([...this.closing, ...this.list.splice(0).map((segment) => segment.close())]);
  }

  private find(key: Buffer): Buffer | undefined {
    for (const { file } of this.list) {
      const value = file.get(key);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** Opens files that others began and closes those that others removed; true when there was something new. */
  private look(): boolean {
    const names = readdirSync(this.folder).filter((name) => NAME.test(name));
    const paths = names
      .sort()
      .reverse()
      .map((name) => join(this.folder, name));
    if (paths.length === this.list.length && paths.every((path, at) => path === this.list[at]?.path)) return false;
    const known = new Map(this.list.map((segment) => [segment.path, segment]));
    const list: Segment[] = [];
    let isNew = false;
    for (const path of paths) {
      const segment = known.get(path) ?? this.open(path);
      if (segment === undefined) continue;
      isNew ||= !known.delete(path);
      list.push(segment);
    }
    this.list = list;
    for (const gone of known.values()) this.end(gone.close());
    return isNew;
  }

  private open(path: string): Segment | undefined {
    const segment = Segment.open(path, this.openLmdb);
    if (segment === undefined) this.damaged += 1;
    return segment;
  }

  /** The newest file, while it is there and not full. */
  private writable(): Segment | undefined {
    const [newest] = this.list;
    const bytes = newest?.bytes();
    return bytes !== undefined && bytes < this.segmentBytes ? newest : undefined;
  }

  private begin(): Segment {
    this.evict();
    const [newest] = this.list;
    const number = newest === undefined ? 1 : Number(newest.path.slice(this.folder.length + 1).slice(0, 8)) + 1;
    // The random part keeps two processes that begin at once apart.
    const name = `${String(number).padStart(8, '0')}-${randomUUID().slice(0, 8)}.mdb`;
    const segment = this.open(join(this.folder, name));
    if (segment === undefined) throw new Error(`${name} was damaged as soon as it was made`);
    this.list.unshift(segment);
    return segment;
  }

  /** Makes room for a new file, and for the part that others may write too much. */
  private evict(): void {
    let bytes = 0;
    const kept: Segment[] = [];
    for (const segment of this.list) {
      bytes += statSync(segment.path, { throwIfNoEntry: false })?.size ?? 0;
      if (bytes <= this.maxBytes - 2 * this.segmentBytes) {
        kept.push(segment);
        continue;
      }
      this.evictions += segment.file.getCount();
      removeFiles(segment.path);
      this.end(segment.remove());
    }
    this.list = kept;
  }

  private end(work: Promise<void>): void {
    const settled = work.catch(() => {}).finally(() => this.closing.delete(settled));
    this.closing.add(settled);
  }
}
