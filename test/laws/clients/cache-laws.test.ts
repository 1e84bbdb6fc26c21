import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cache } from 'dspex';
import { DiskCache, FileCache, MemoryCache, tiered } from 'dspex/clients';
import { cacheLaws } from 'dspex/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder = '';
let count = 0;
const fresh = () => join(folder, String(++count));
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dspex-cache-laws-'));
});
afterAll(async () => {
  await rm(folder, { recursive: true, force: true });
});

describe.each<[string, () => Cache]>([
  ['MemoryCache', () => new MemoryCache()],
  ['FileCache', () => new FileCache(fresh())],
  ['DiskCache', () => new DiskCache(fresh())],
  ['tiered over FileCache', () => tiered(new MemoryCache(), new FileCache(fresh()))],
  ['tiered over DiskCache', () => tiered(new MemoryCache(), new DiskCache(fresh()))],
])('%s', (_name, make) => {
  test.each(cacheLaws)('$name', ({ check }) => check(make));
});

test('a law that is broken fails', async () => {
  class Forgetful extends MemoryCache {
    override clear(): void {}
  }
  const clearing = cacheLaws.find(({ name }) => name.includes('cleared'));
  await expect(clearing?.check(() => new Forgetful())).rejects.toThrow();
});
