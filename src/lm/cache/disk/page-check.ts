import { closeSync, fstatSync, openSync, readSync } from 'node:fs';

/**
 * Looks through the pages of an lmdb file before lmdb itself does. lmdb maps the file into memory and trusts every number in it: one
 * flipped bit of a page number ends the whole process with a signal that nobody can catch. So every page that lmdb could reach is
 * checked here first: its kind, its number, its bounds, the nodes on it, and that it belongs to one owner alone. What a
 * value says is not looked at; entries carry checksums of their own.
 *
 * The layout is that of 64-bit little-endian builds of lmdb's data version 2. Of any other build this says "damaged", which
 * `Segment` notices on its first new file.
 */

const HEADER = 24;
const BRANCH = 1;
const LEAF = 2;
const OVERFLOW = 4;
const META = 8;
const BIG_DATA = 1;
const MAGIC = 0xbeefc0de;
const NO_PAGE = 0xffffffff;
/** Deeper trees would hold more pages than there are. */
const MAX_DEPTH = 24;

class Damage extends Error {}

interface Tree {
  readonly flags: number;
  readonly depth: number;
  readonly root: number;
}

interface Meta {
  readonly pageSize: number;
  readonly lastPage: number;
  readonly transaction: number;
  readonly free: Tree;
  readonly main: Tree;
}

/** What is wrong with the file, or `undefined` when lmdb may open it. A file that is absent or empty is fine: lmdb begins it. */
export function findDamage(path: string): string | undefined {
  let file: number;
  try {
    file = openSync(path, 'r');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  try {
    return findDamageIn(file);
  } finally {
    closeSync(file);
  }
}

function findDamageIn(file: number): string | undefined {
  if (fstatSync(file).size === 0) return undefined;
  for (let round = 0; ; round++) {
    let meta: Meta | undefined;
    try {
      meta = readMeta(file);
      new Walk(file, meta).run();
      return undefined;
    } catch (error) {
      if (!(error instanceof Damage)) throw error;
      // Another process may have written meanwhile. Whoever writes all the time has a sound file, or would not live.
      if (meta === undefined || !hasMoved(file, meta)) return error.message;
      if (round === 8) return undefined;
    }
  }
}

function hasMoved(file: number, { transaction }: Meta): boolean {
  try {
    return readMeta(file).transaction !== transaction;
  } catch {
    return false;
  }
}

/** The newer of the two meta pages. */
function readMeta(file: number): Meta {
  const first = metaAt(file, 0, 0);
  const second = metaAt(file, 1, first.pageSize);
  if (first.pageSize !== second.pageSize) throw new Damage('the two heads disagree about the size of a page');
  return second.transaction > first.transaction ? second : first;
}

function metaAt(file: number, number: number, offset: number): Meta {
  const page = Buffer.alloc(HEADER + 144);
  if (readSync(file, page, 0, page.length, offset) < page.length) throw new Damage('the file ends within its head');
  const [magic, version] = [page.readUInt32LE(24), page.readUInt32LE(28)];
  if (page.readUInt16LE(18) !== META || magic !== MAGIC) throw new Damage('it is no lmdb file');
  if (version !== 2) throw new Damage(`its data version is ${version}`);
  if (numberAt(page, 0) !== number) throw new Damage('a head stands in the wrong place');
  const pageSize = page.readUInt32LE(48);
  if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0) throw new Damage('a page has no size');
  const meta = {
    pageSize,
    lastPage: numberAt(page, 144),
    transaction: numberAt(page, 152),
    free: treeAt(page, 48),
    main: treeAt(page, 96),
  };
  // The free list has keys that are numbers; the entries are a plain tree without duplicates.
  if ((meta.free.flags & 0x08) === 0 || (meta.free.flags & 0x36) !== 0) throw new Damage('the free list has odd flags');
  if (meta.main.flags !== 0 || page.readUInt32LE(96) !== 0) throw new Damage('the entries have odd flags');
  return meta;
}

function treeAt(page: Buffer, at: number): Tree {
  const root = page.readBigUInt64LE(at + 40);
  const isEmpty = root === 0xffff_ffff_ffff_ffffn;
  return {
    flags: page.readUInt16LE(at + 4),
    depth: page.readUInt16LE(at + 6),
    root: isEmpty ? NO_PAGE : numberAt(page, at + 40),
  };
}

/** A 64-bit number of the file; pages and transactions stay far below 2^32 here. */
function numberAt(page: Buffer, at: number): number {
  if (page.readUInt32LE(at + 4) !== 0) throw new Damage('a number is out of all bounds');
  return page.readUInt32LE(at);
}

/** One look at every page that is reachable from a head. */
class Walk {
  private readonly pages: number;
  /** A bit for each page that has an owner. */
  private readonly owned: Uint8Array;

  constructor(
    private readonly file: number,
    private readonly meta: Meta,
  ) {
    this.pages = Math.floor(fstatSync(file).size / meta.pageSize);
    // The last pages may be free and never written, but no more of them than were once written.
    if (meta.lastPage < 1 || meta.lastPage > this.pages + 65_536) throw new Damage('the file is shorter than it says');
    this.owned = new Uint8Array(Math.max(this.pages, meta.lastPage + 1));
    this.owned.fill(1, 0, 2);
  }

  run(): void {
    const { free, main } = this.meta;
    for (const [tree, isFree] of [
      [main, false],
      [free, true],
    ] as const) {
      if (tree.root === NO_PAGE) {
        if (tree.depth !== 0) throw new Damage('a tree has a depth and no root');
      } else {
        if (tree.depth < 1 || tree.depth > MAX_DEPTH) throw new Damage('a tree has no depth');
        this.walk(tree.root, tree.depth, isFree);
      }
    }
  }

  /** `levels` counts this page: at 1 it must be a leaf. */
  private walk(number: number, levels: number, isFree: boolean): void {
    const page = this.read(number, 1);
    const isLeaf = levels === 1;
    if (page.readUInt16LE(16) !== 0 || page.readUInt16LE(18) !== (isLeaf ? LEAF : BRANCH)) {
      throw new Damage(`page ${number} is of the wrong kind`);
    }
    const lower = page.readUInt16LE(20);
    const upper = page.readUInt16LE(22);
    const room = this.meta.pageSize - HEADER;
    const count = lower >> 1;
    if (lower % 2 !== 0 || lower > upper || upper > room) throw new Damage(`page ${number} has odd bounds`);
    if (count < (isLeaf || isFree ? 1 : 2)) throw new Damage(`page ${number} is empty`);
    let taken = 0;
    let previous: Buffer | undefined;
    for (let index = 0; index < count; index++) {
      const at = page.readUInt16LE(HEADER + 2 * index);
      if (at < upper || at % 2 !== 0 || at + 8 > room) throw new Damage(`page ${number} points outside of itself`);
      const node = page.subarray(HEADER + at);
      const flags = node.readUInt16LE(4);
      const keyBytes = node.readUInt16LE(6);
      const size = node.readUInt32LE(0);
      if (isLeaf && flags !== 0 && flags !== BIG_DATA) throw new Damage(`page ${number} has an odd entry`);
      const bytes = 8 + keyBytes + (isLeaf ? (flags === BIG_DATA ? HEADER : size) : 0);
      if (bytes > node.length) throw new Damage(`an entry of page ${number} is too long`);
      taken += bytes + (bytes % 2);
      const key = node.subarray(8, 8 + keyBytes);
      if (isLeaf || index > 0) {
        if (isFree ? keyBytes !== 8 : keyBytes === 0 || keyBytes > 511)
          throw new Damage(`page ${number} has an odd key`);
        if (previous !== undefined && !isBefore(previous, key, isFree))
          throw new Damage(`page ${number} is not in order`);
        previous = key;
      }
      if (!isLeaf) {
        if (flags !== 0) throw new Damage(`page ${number} points too far`);
        this.walk(size, levels - 1, isFree);
      } else {
        const data = node.subarray(8 + keyBytes, bytes);
        const value = flags === BIG_DATA ? this.overflow(data, size, isFree) : data;
        if (isFree && value !== undefined) this.free(value);
      }
    }
    if (taken !== room - upper) throw new Damage(`page ${number} does not add up`);
  }

  /** Checks the pages behind an entry that does not fit on one; gives the bytes only of the free list. */
  private overflow(data: Buffer, size: number, isFree: boolean): Buffer | undefined {
    const number = numberAt(data, 0);
    const pages = numberAt(data, 16);
    if (numberAt(data, 8) > this.meta.transaction)
      throw new Damage(`an entry at page ${number} is newer than the file`);
    if (pages !== Math.ceil((HEADER + size) / this.meta.pageSize))
      throw new Damage(`an entry at page ${number} is torn`);
    const head = this.read(number, pages, isFree ? HEADER + size : HEADER);
    if (head.readUInt16LE(18) !== OVERFLOW) throw new Damage(`page ${number} is of the wrong kind`);
    if (head.readUInt32LE(20) !== pages) throw new Damage(`page ${number} has the wrong length`);
    return isFree ? head.subarray(HEADER) : undefined;
  }

  /** Free pages: a count, then numbers; a negative one says how many pages begin at the next; zeros are room to grow. */
  private free(list: Buffer): void {
    const count = list.length >= 8 ? numberAt(list, 0) : -1;
    if (count < 0 || 8 * (count + 1) > list.length) throw new Damage('the free list is torn');
    for (let index = 1; index <= count; index++) {
      let number = Number(list.readBigInt64LE(8 * index));
      let length = 1;
      if (number === 0) continue;
      if (number < 0) {
        length = -number;
        index += 1;
        if (index > count) throw new Damage('the free list is torn');
        number = Number(list.readBigInt64LE(8 * index));
      }
      this.own(number, length, this.meta.lastPage + 1);
    }
  }

  private read(number: number, pages: number, bytes = this.meta.pageSize): Buffer {
    this.own(number, pages, this.pages);
    const page = Buffer.allocUnsafe(bytes);
    const read = readSync(this.file, page, 0, bytes, number * this.meta.pageSize);
    if (read < bytes || numberAt(page, 0) !== number) throw new Damage(`page ${number} is not where it should be`);
    // lmdb takes a page from the future for one of its own copies in memory, and would write into the map.
    if (numberAt(page, 8) > this.meta.transaction) throw new Damage(`page ${number} is newer than the file`);
    return page;
  }

  private own(number: number, pages: number, end: number): void {
    if (number < 2 || number + pages > end || number + pages > this.meta.lastPage + 1) {
      throw new Damage(`page ${number} is outside of the file`);
    }
    for (let at = number; at < number + pages; at++) {
      if (this.owned[at] !== 0) throw new Damage(`page ${at} has two owners`);
      this.owned[at] = 1;
    }
  }
}

function isBefore(left: Buffer, right: Buffer, isNumber: boolean): boolean {
  return isNumber ? left.readBigUInt64LE() < right.readBigUInt64LE() : left.compare(right) < 0;
}
