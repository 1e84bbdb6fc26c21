import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname } from 'node:path';
import { CacheImportError, CacheNotListableError } from '../../core/errors/clients/cache-errors';
import type { Cache } from '../../core/ports/cache';
import { deepFreeze } from '../../core/util/deep-freeze';
import { MAX_JSON_BYTES, parseJson } from '../../core/util/json';

/** The first line. A reader of another version refuses the file. */
const HEAD = Object.freeze({ format: 'dspex-cache', version: 1 });

/**
 * Writes every entry of the store into a file of JSON lines: a head, a line with a checksum for each entry, and their number at the end. The
 * file is there whole or not at all. Gives the number of entries. Keys are hashes and values are answers; no secret is in either. Throws
 * `CacheNotListableError` for a store without `entries()`, or the error of the disk.
 */
export async function exportCache(cache: Cache, path: string): Promise<number> {
  const entries = cache.entries?.();
  if (entries === undefined) throw new CacheNotListableError(cache.constructor.name);
  await mkdir(dirname(path), { recursive: true });
  const aside = `${path}.${randomUUID()}.tmp`;
  const file = await open(aside, 'wx');
  let count = 0;
  try {
    try {
      await file.write(`${JSON.stringify(HEAD)}\n`);
      for await (const [key, value] of entries) {
        await file.write(`${JSON.stringify({ key, value, sum: checksum(key, value) })}\n`);
        count += 1;
      }
      await file.write(`${JSON.stringify({ entries: count })}\n`);
    } finally {
      await file.close();
    }
    await rename(aside, path);
  } catch (error) {
    await rm(aside, { force: true });
    throw error;
  }
  return count;
}

/**
 * Puts the entries of an exported file into the store, over those it has under the same keys. The whole file is checked before the first one
 * is written: `CacheImportError` names the line that is wrong, and then nothing was imported. Gives the number of entries.
 */
export async function importCache(cache: Cache, path: string): Promise<number> {
  // Twice through the file rather than once through the memory: it may be larger than that.
  for await (const _ of readEntries(path));
  let count = 0;
  for await (const { key, value } of readEntries(path)) {
    await cache.set(key, value);
    count += 1;
  }
  return count;
}

interface Line {
  readonly key: string;
  readonly value: unknown;
}

async function* readEntries(path: string): AsyncGenerator<Line> {
  let number = 0;
  let entries: number | undefined;
  for await (const text of linesOf(path)) {
    number += 1;
    const refuse = (reason: string, cause?: unknown) => new CacheImportError(path, number, reason, { cause });
    let line: Readonly<Record<string, unknown>>;
    try {
      if (text === undefined) throw new Error(`it is longer than ${MAX_JSON_BYTES} bytes`);
      const value = parseJson(text);
      if (typeof value !== 'object' || value === null) throw new Error('it is no object');
      line = value as Record<string, unknown>;
    } catch (error) {
      throw refuse(`it cannot be read: ${error instanceof Error ? error.message : String(error)}`, error);
    }
    if (number === 1) {
      if (line['format'] !== HEAD.format) throw refuse('it is not the head of an exported cache');
      if (line['version'] !== HEAD.version) throw refuse(`its version is not ${HEAD.version}`);
      continue;
    }
    if (entries !== undefined) throw refuse('something follows the end');
    const { key, value, sum } = line;
    if (typeof key === 'string' && value !== undefined) {
      if (sum !== checksum(key, value)) throw refuse('its checksum does not fit, so it is damaged');
      yield { key, value: deepFreeze(value) };
    } else if (line['entries'] === number - 2) entries = number - 2;
    else throw refuse('it is neither an entry nor the right end');
  }
  if (entries === undefined) throw new CacheImportError(path, number + 1, 'the end is missing, so the file was cut');
}

/** The lines of a file; `undefined` in place of one that is too long, after which nothing more is read. */
async function* linesOf(path: string): AsyncGenerator<string | undefined> {
  let parts: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of createReadStream(path) as AsyncIterable<Buffer>) {
    let start = 0;
    for (let end = chunk.indexOf(10); end >= 0; end = chunk.indexOf(10, start)) {
      parts.push(chunk.subarray(start, end));
      yield Buffer.concat(parts).toString();
      parts = [];
      bytes = 0;
      start = end + 1;
    }
    parts.push(chunk.subarray(start));
    bytes += chunk.length - start;
    if (bytes > MAX_JSON_BYTES) {
      yield undefined;
      return;
    }
  }
  if (bytes > 0) yield Buffer.concat(parts).toString();
}

function checksum(key: string, value: unknown): string {
  return createHash('sha256')
    .update(`${key}\n${JSON.stringify(value)}`)
    .digest('hex')
    .slice(0, 32);
}
