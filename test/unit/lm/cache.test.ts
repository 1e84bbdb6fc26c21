import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Cache, requestKey } from 'dspex';
import { cached, FileCache, MemoryCache, singleFlight } from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { InvalidOptionError, UnknownOptionError } from '../../../src/core/errors/option-errors';

const QUESTION = [{ role: 'user', content: 'q' }] as const;

describe('a cached LM', () => {
  test('asks once, then answers without request, attempt or token', async () => {
    const dummy = new DummyLM(['a', 'b']);
    const lm = cached(dummy);
    const first = await lm.generate(lm.createRequest(QUESTION));
    const second = await lm.generate(lm.createRequest(QUESTION));
    expect(first).toMatchObject({ cached: false, attempts: 1 });
    expect(second.completions).toBe(first.completions);
    expect(second).toMatchObject({
      cached: true,
      attempts: 0,
      usage: { calls: 0, cachedCalls: 1, inputTokens: 0, outputTokens: 0, cachedInputTokens: 0 },
    });
    expect(Object.isFrozen(second)).toBe(true);
    expect(dummy.requests).toHaveLength(1);
    expect(lm.stats()).toMatchObject({ cacheHits: 1, requests: 1 });
  });

  test('asks anew for another option, another rollout and another endpoint', async () => {
    const cache = new MemoryCache();
    const dummy = new DummyLM((_request, index) => `answer ${index}`);
    const lm = cached(dummy, { cache });
    const texts = [
      lm.createRequest(QUESTION),
      lm.createRequest(QUESTION, { temperature: 1 }),
      lm.createRequest(QUESTION, { temperature: 1 }, 1),
      { ...lm.createRequest(QUESTION), endpoint: 'https://elsewhere' },
    ];
    for (const request of texts) await lm.generate(request);
    expect(dummy.requests).toHaveLength(4);
    expect(cache.stats().entries).toBe(4);
  });

  test('does not keep a failure', async () => {
    const lm = cached(new DummyLM([new Error('no'), 'yes']));
    await expect(lm.generate(lm.createRequest(QUESTION))).rejects.toThrow('no');
    expect((await lm.generate(lm.createRequest(QUESTION))).completions[0]?.text).toBe('yes');
  });

  test('works on when its store fails or holds nonsense', async () => {
    class BrokenCache extends Cache {
      get(): unknown {
        throw new Error('cannot read');
      }
      async set(): Promise<void> {
        throw new Error('cannot write');
      }
      clear(): void {}
      close(): void {}
      stats() {
        return { entries: 0, hits: 0, misses: 0 };
      }
    }
    const broken = cached(new DummyLM(['a', 'b']), { cache: new BrokenCache() });
    await broken.generate(broken.createRequest(QUESTION));
    expect((await broken.generate(broken.createRequest(QUESTION))).completions[0]?.text).toBe('b');
    const cache = new MemoryCache();
    const lm = cached(new DummyLM(['real']), { cache });
    cache.set(requestKey(lm.createRequest(QUESTION)), { completions: 'nonsense' });
    expect((await lm.generate(lm.createRequest(QUESTION))).completions[0]?.text).toBe('real');
  });

  test('is abandoned at once while its store thinks', async () => {
    const cache = new (class extends MemoryCache {
      override get(): Promise<unknown> {
        return new Promise(() => {});
      }
    })();
    const lm = cached(new DummyLM(['a']), { cache });
    const controller = new AbortController();
    const call = lm.generate(lm.createRequest(QUESTION), { signal: controller.signal });
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(call).rejects.toBe(reason);
  });

  test('closes its own store, and leaves one that was given to it', async () => {
    const shared = new MemoryCache();
    const lm = cached(new DummyLM(['a']), { cache: shared });
    await lm.generate(lm.createRequest(QUESTION));
    await lm.close();
    expect(shared.stats().entries).toBe(1);
    await expect(lm.generate(lm.createRequest(QUESTION))).rejects.toThrow('closed');
  });
});

test('32 equal calls in flight make one request, and all have its answer', async () => {
  const dummy = new DummyLM(async () => {
    await new Promise((resolve) => setTimeout(resolve, 10));
    return 'fine';
  });
  const lm = singleFlight(dummy);
  const answers = await Promise.all(Array.from({ length: 32 }, () => lm.generate(lm.createRequest(QUESTION))));
  expect(new Set(answers.map(({ completions }) => completions)).size).toBe(1);
  expect(dummy.requests).toHaveLength(1);
  expect(lm.stats().shared).toBe(31);
});

describe('MemoryCache', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  test('drops what was not used for longest', () => {
    const cache = new MemoryCache({ maxEntries: 2 });
    cache.set('a', 1);
    cache.set('b', 2);
    cache.get('a');
    cache.set('c', 3);
    expect([cache.get('a'), cache.get('b'), cache.get('c')]).toEqual([1, undefined, 3]);
    expect(cache.stats()).toEqual({ entries: 2, hits: 3, misses: 1, bytes: 16, evictions: 1 });
  });

  test('stays within its bytes, and does not keep a value that is larger than all of them', () => {
    const cache = new MemoryCache({ maxBytes: 1000 });
    for (const key of ['a', 'b', 'c']) cache.set(key, 'x'.repeat(200));
    expect(cache.stats().entries).toBe(2);
    cache.set('d', 'x'.repeat(5000));
    expect(cache.get('d')).toBeUndefined();
    expect(cache.stats().entries).toBe(2);
  });

  test('forgets after its time, whatever the clock on the wall says', () => {
    vi.useFakeTimers();
    const cache = new MemoryCache({ ttlSeconds: 10 });
    cache.set('a', 1);
    vi.setSystemTime(new Date('2099-01-01'));
    expect(cache.get('a')).toBe(1);
    vi.setSystemTime(new Date('2001-01-01'));
    vi.advanceTimersByTime(10_000);
    expect(cache.get('a')).toBeUndefined();
    expect(cache.stats().entries).toBe(0);
  });

  test('freezes what it is given, to the bottom, and gives back the same object', () => {
    const cache = new MemoryCache();
    const value = { completions: [{ text: 'a' }] };
    cache.set('a', value);
    expect(cache.get('a')).toBe(value);
    expect(() => Object.assign(value.completions[0] ?? {}, { text: 'b' })).toThrow(TypeError);
  });

  test('refuses bounds that are none', () => {
    expect(() => new MemoryCache({ maxEntries: 0 })).toThrow(InvalidOptionError);
    expect(() => new MemoryCache({ ttlSeconds: Number.NaN })).toThrow(InvalidOptionError);
    expect(() => new MemoryCache({ max: 3 } as never)).toThrow(UnknownOptionError);
  });
});

describe('FileCache', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'dspex-cache-'));
  });
  afterEach(async () => {
    vi.unstubAllEnvs();
    await rm(directory, { recursive: true, force: true });
  });

  const filesIn = async (folder: string) =>
    (await readdir(folder, { recursive: true, withFileTypes: true }))
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name));

  test('keeps answers from one process to the next', async () => {
    const lm = cached(new DummyLM(['kept']), { cache: new FileCache(directory) });
    await lm.generate(lm.createRequest(QUESTION));
    const later = cached(new DummyLM([]), { cache: new FileCache(directory) });
    expect(await later.generate(later.createRequest(QUESTION))).toMatchObject({
      cached: true,
      completions: [{ text: 'kept', finishReason: 'stop' }],
    });
  });

  test('touches nothing before it is used, and leaves nothing half-written', async () => {
    const cache = new FileCache(join(directory, 'deep', 'inside'));
    expect(await readdir(directory)).toEqual([]);
    expect(await cache.get('a')).toBeUndefined();
    expect(await readdir(directory)).toEqual([]);
    await Promise.all(Array.from({ length: 50 }, (_, index) => cache.set('one key', { index })));
    expect(await filesIn(directory)).toHaveLength(1);
    expect(await cache.get('one key')).toHaveProperty('index');
    expect(cache.stats()).toMatchObject({ hits: 1, misses: 1 });
  });

  test('takes a damaged file for a miss, whatever the damage, and puts it aside', async () => {
    const cache = new FileCache(directory);
    await cache.set('key', { text: 'whole' });
    const [path = ''] = await filesIn(directory);
    const whole = await readFile(path, 'utf8');
    const damages = [
      '',
      'x',
      whole.slice(0, -1),
      `${whole} `,
      whole.replace('whole', 'white'),
      '\n{"text":"forged"}',
      '\0',
    ];
    for (const damage of damages) {
      await writeFile(path, damage);
      expect(await cache.get('key')).toBeUndefined();
      await cache.set('key', { text: 'whole' });
      expect(await cache.get('key')).toEqual({ text: 'whole' });
    }
    expect(await readdir(join(directory, 'quarantine'))).toHaveLength(damages.length);
  });

  test('keeps answers in memory where it cannot write, and says so once', async () => {
    const file = join(directory, 'a file, not a folder');
    await writeFile(file, '');
    const logger = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
    const cache = new FileCache(file, { logger });
    await cache.set('a', 1);
    await cache.set('b', 2);
    expect([await cache.get('a'), await cache.get('b')]).toEqual([1, 2]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn.mock.calls[0]?.[0]).toMatchObject({ directory: file });
  });

  test('lives where DSPEX_CACHE_DIR says', () => {
    vi.stubEnv('DSPEX_CACHE_DIR', directory);
    expect(new FileCache().directory).toBe(directory);
    vi.stubEnv('DSPEX_CACHE_DIR', '');
    vi.stubEnv('XDG_CACHE_HOME', '/somewhere');
    expect(new FileCache().directory).toContain('dspex');
  });

  test('clears what it wrote and nothing else', async () => {
    await writeFile(join(directory, 'mine.txt'), 'keep');
    const cache = new FileCache(directory);
    await cache.set('a', 1);
    await cache.clear();
    expect(await cache.get('a')).toBeUndefined();
    expect(await readdir(directory)).toEqual(['mine.txt']);
  });
});
