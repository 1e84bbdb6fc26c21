import { channel } from 'node:diagnostics_channel';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache, context, Predict } from 'dspex';
import { cached, DiskCache, diskCache, exportCache, FileCache, importCache, MemoryCache, tiered } from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import {
  CacheImportError,
  CacheNotListableError,
  DiskCacheMissingError,
} from '../../../src/core/errors/clients/cache-errors';
import { InvalidOptionError, UnknownOptionError } from '../../../src/core/errors/option-errors';

const QUESTION = [{ role: 'user', content: 'q' }] as const;

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'dspex-stores-'));
});
afterEach(async () => {
  vi.useRealTimers();
  vi.doUnmock('lmdb');
  await rm(folder, { recursive: true, force: true });
});

async function bytesIn(directory: string): Promise<number> {
  const files = (await readdir(directory)).filter((name) => name.endsWith('.mdb'));
  const sizes = await Promise.all(files.map(async (name) => (await stat(join(directory, name))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}

describe('DiskCache', () => {
  test('touches nothing before it is used', async () => {
    const cache = new DiskCache(join(folder, 'inside'));
    expect(cache.stats()).toMatchObject({ entries: 0, hits: 0, misses: 0 });
    await cache.close();
    expect(await readdir(folder)).toEqual([]);
  });

  test('keeps answers from one process to the next, and serves two at once', async () => {
    const first = new DiskCache(folder);
    const second = new DiskCache(folder);
    await first.set('a', { text: 'kept' });
    expect(await second.get('a')).toEqual({ text: 'kept' });
    await first.close();
    await second.set('b', 1);
    expect(await second.get('a')).toEqual({ text: 'kept' });
    await second.close();
    const later = new DiskCache(folder);
    expect([await later.get('a'), await later.get('b')]).toEqual([{ text: 'kept' }, 1]);
    await later.close();
  });

  test('answers without a promise as soon as it is open', async () => {
    const cache = new DiskCache(folder);
    expect(cache.get('a')).toBeInstanceOf(Promise);
    await cache.set('a', { text: 'kept' });
    expect(cache.get('a')).toEqual({ text: 'kept' });
    expect(cache.get('b')).toBeUndefined();
    expect(cache.stats()).toMatchObject({ entries: 1, hits: 1, misses: 2 });
    await cache.close();
    expect(await cache.get('a')).toBeUndefined();
  });

  test('stays within its bytes; what was written first goes first', async () => {
    const maxBytes = 2 ** 20;
    const cache = new DiskCache(folder, { maxBytes });
    for (let round = 0; round < 12; round++) {
      await Promise.all(Array.from({ length: 40 }, (_, index) => cache.set(`${round}-${index}`, 'x'.repeat(5000))));
    }
    expect(await bytesIn(join(folder, 'answers-lmdb-1'))).toBeLessThanOrEqual(maxBytes);
    expect(cache.stats().bytes).toBeLessThanOrEqual(maxBytes);
    expect(cache.stats().evictions).toBeGreaterThan(100);
    expect(await cache.get('0-0')).toBeUndefined();
    expect(await cache.get('11-39')).toHaveLength(5000);
    await cache.set('too large', 'x'.repeat(maxBytes));
    expect(await cache.get('too large')).toBeUndefined();
    await cache.close();
  });

  test('forgets after its time, across processes, but not because the clock is set', async () => {
    const options = { ttlSeconds: 10 };
    vi.useFakeTimers({ toFake: ['Date', 'performance'] });
    const cache = new DiskCache(folder, options);
    await cache.set('a', 1);
    vi.setSystemTime(new Date('2099-01-01'));
    expect(await cache.get('a')).toBe(1);
    await cache.close();
    // Another process reads the time of day.
    const later = new DiskCache(folder, options);
    expect(await later.get('a')).toBeUndefined();
    await later.set('b', 1);
    vi.advanceTimersByTime(10_000);
    expect(await later.get('b')).toBeUndefined();
    await later.close();
  });

  test('puts a damaged file aside and goes on', async () => {
    const cache = new DiskCache(folder);
    await cache.set('a', 1);
    await cache.close();
    const files = join(folder, 'answers-lmdb-1');
    const [name = ''] = (await readdir(files)).filter((file) => file.endsWith('.mdb'));
    await writeFile(join(files, name), 'no lmdb file '.repeat(1000));
    const later = new DiskCache(folder);
    expect(await later.get('a')).toBeUndefined();
    await later.set('a', 2);
    expect(await later.get('a')).toBe(2);
    expect(later.stats().errors).toBe(1);
    expect(await readdir(join(folder, 'quarantine'))).toEqual([name]);
    await later.close();
  });

  test('takes an entry with a wrong checksum for a miss', async () => {
    const cache = new DiskCache(folder);
    await cache.set('a', { text: 'white sheep' });
    await cache.close();
    const files = join(folder, 'answers-lmdb-1');
    const [name = ''] = (await readdir(files)).filter((file) => file.endsWith('.mdb'));
    const bytes = await readFile(join(files, name));
    bytes.write('black', bytes.indexOf('white'));
    await writeFile(join(files, name), bytes);
    const later = new DiskCache(folder);
    expect(await later.get('a')).toBeUndefined();
    expect(later.stats()).toMatchObject({ entries: 0, errors: 1 });
    await later.close();
  });

  test('is forgetful, not broken, after it was closed', async () => {
    const cache = new DiskCache(folder);
    await cache.set('a', 1);
    await cache.close();
    await cache.set('b', 1);
    expect([await cache.get('a'), await cache.get('b')]).toEqual([undefined, undefined]);
  });

  test('refuses options that are none', () => {
    expect(() => new DiskCache('')).toThrow(InvalidOptionError);
    expect(() => new DiskCache(folder, { maxBytes: 1000 })).toThrow(InvalidOptionError);
    expect(() => new DiskCache(folder, { ttlSeconds: -1 })).toThrow(InvalidOptionError);
    expect(() => new DiskCache(folder, { max: 1 } as never)).toThrow(UnknownOptionError);
  });

  test('without lmdb says so once and keeps answers in memory; diskCache takes plain files', async () => {
    vi.doMock('lmdb', () => {
      throw new Error('no such package');
    });
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const cache = new DiskCache(folder, { logger });
    await expect(cache.open()).rejects.toBeInstanceOf(DiskCacheMissingError);
    await cache.set('a', 1);
    expect(await cache.get('a')).toBe(1);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn.mock.calls[0]?.[0].reason).toContain('npm install lmdb');
    expect(await diskCache(folder)).toBeInstanceOf(FileCache);
    vi.doUnmock('lmdb');
    expect(await diskCache(folder)).toBeInstanceOf(DiskCache);
  });
});

describe('tiered', () => {
  test('writes to both, reads memory first, and takes up what only the disk knows', async () => {
    const memory = new MemoryCache();
    const disk = new FileCache(folder);
    const both = tiered(memory, disk);
    await both.set('a', 1);
    expect([memory.get('a'), await disk.get('a')]).toEqual([1, 1]);
    memory.clear();
    expect(await both.get('a')).toBe(1);
    expect(memory.get('a')).toBe(1);
    const before = disk.stats().hits;
    expect(await both.get('a')).toBe(1);
    expect(disk.stats().hits).toBe(before);
    expect(await both.get('b')).toBeUndefined();
    expect(both.stats()).toMatchObject({ hits: 2, misses: 1 });
  });

  test('refuses what is no cache', () => {
    expect(() => tiered(new MemoryCache(), {} as never)).toThrow(InvalidOptionError);
  });
});

describe('export and import', () => {
  const fill = (cache: MemoryCache) => {
    for (let index = 0; index < 5; index++) cache.set(`key ${index}`, { index, text: 'é\n'.repeat(index) });
    cache.set('__proto__', { polluted: 'no' });
    return cache;
  };

  test('carry every entry from one kind of store to another', async () => {
    const path = join(folder, 'deep', 'answers.jsonl');
    expect(await exportCache(fill(new MemoryCache()), path)).toBe(6);
    const disk = new DiskCache(folder);
    expect(await importCache(disk, path)).toBe(6);
    expect(await disk.get('key 3')).toEqual({ index: 3, text: 'é\né\né\n' });
    expect(await exportCache(disk, path)).toBe(6);
    await disk.close();
    expect(await readdir(join(folder, 'deep'))).toEqual(['answers.jsonl']);
  });

  test('refuse a damaged file, name the line, and take nothing of it', async () => {
    const path = join(folder, 'answers.jsonl');
    await exportCache(fill(new MemoryCache()), path);
    const lines = (await readFile(path, 'utf8')).split('\n');
    const damages: [number, string][] = [
      [1, lines.slice(1).join('\n')],
      [1, ''],
      [1, lines.join('\n').replace('"version":1', '"version":2')],
      [4, lines.join('\n').replace('"index":2', '"index":7')],
      [4, lines.map((line, at) => (at === 3 ? line.slice(0, -3) : line)).join('\n')],
      [5, lines.map((line, at) => (at === 4 ? '['.repeat(300) : line)).join('\n')],
      [7, lines.slice(0, 6).join('\n')],
      [9, `${lines.join('\n')}{}\n`],
      [7, lines.filter((_, at) => at !== 3).join('\n')],
    ];
    for (const [line, text] of damages) {
      await writeFile(path, text);
      const cache = new MemoryCache();
      const error = await importCache(cache, path).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(CacheImportError);
      expect((error as CacheImportError).line, text).toBe(line);
      expect(cache.stats().entries).toBe(0);
    }
  });

  test('need a store that can list', async () => {
    class Mute extends Cache {
      get(): unknown {
        return undefined;
      }
      set(): void {}
      clear(): void {}
      close(): void {}
      stats() {
        return { entries: 0, hits: 0, misses: 0 };
      }
    }
    await expect(exportCache(new Mute(), join(folder, 'x'))).rejects.toBeInstanceOf(CacheNotListableError);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('a call', () => {
  test('with cache: false neither looks nor keeps; a context can say so too', async () => {
    const cache = new MemoryCache();
    const lm = cached(new DummyLM((_request, index) => `answer ${index}`), { cache });
    const ask = (scope = {}) => lm.generate(lm.createRequest(QUESTION), scope);
    expect((await ask({ cache: false })).cached).toBe(false);
    expect(cache.stats().entries).toBe(0);
    await ask();
    expect((await ask({ cache: false })).cached).toBe(false);
    expect((await ask()).cached).toBe(true);
    expect(cache.stats()).toMatchObject({ entries: 1, hits: 1, misses: 1 });
    const predict = new Predict('question -> answer');
    const say = () => predict.call({ question: 'q' }, { lm: cached(new DummyLM(() => ({ answer: 'a' })), { cache }) });
    await say();
    await context({ cache: false }, say);
    expect(cache.stats()).toMatchObject({ entries: 2, hits: 1, misses: 2 });
    await say();
    expect(cache.stats()).toMatchObject({ entries: 2, hits: 2, misses: 2 });
  });

  test('is told on the channel of the cache, without its prompt', async () => {
    const events: Record<string, unknown>[] = [];
    const listener = (event: unknown) => void events.push(event as Record<string, unknown>);
    channel('dspex:cache').subscribe(listener);
    try {
      const lm = cached(new DummyLM(['a']));
      await lm.generate(lm.createRequest(QUESTION));
      await lm.generate(lm.createRequest(QUESTION));
    } finally {
      channel('dspex:cache').unsubscribe(listener);
    }
    expect(events.map(({ hit, store }) => ({ hit, store }))).toEqual([
      { hit: false, store: 'MemoryCache' },
      { hit: true, store: 'MemoryCache' },
    ]);
    expect(events[0]?.['key']).toMatch(/^[0-9a-f]{12}$/u);
  });

  test('that was truncated is kept, one that the provider broke off is not', async () => {
    const cache = new MemoryCache();
    for (const finishReason of ['length', 'error'] as const) {
      const dummy = new DummyLM(['a', 'b']);
      const lm = cached(dummy, { cache });
      const inner = dummy.generate.bind(dummy);
      dummy.generate = async (...args) => {
        const response = await inner(...args);
        return { ...response, completions: response.completions.map((one) => ({ ...one, finishReason })) };
      };
      const request = lm.createRequest(QUESTION, {}, finishReason);
      await lm.generate(request);
      expect((await lm.generate(request)).cached).toBe(finishReason === 'length');
    }
  });

  test('does not wait for a store that hangs', async () => {
    vi.useFakeTimers();
    const cache = new (class extends MemoryCache {
      override get(): Promise<unknown> {
        return new Promise(() => {});
      }
    })();
    const lm = cached(new DummyLM(['a']), { cache });
    const call = lm.generate(lm.createRequest(QUESTION));
    await vi.advanceTimersByTimeAsync(5000);
    expect((await call).cached).toBe(false);
  });
});
