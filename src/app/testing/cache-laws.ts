import assert from 'node:assert/strict';
import { Cache } from '../../core/ports/cache';

/** One promise of the port, and how to test it. */
export interface CacheLaw {
  /** The promise, in a user's words. */
  readonly name: string;
  /** Rejects with what is wrong. `make` gives a fresh, empty cache each time; the law closes it. */
  readonly check: (make: () => Cache | Promise<Cache>) => Promise<void>;
}

/** Keys as the library makes them, and one of a user's own. */
const KEYS = Object.freeze(['a'.repeat(64), `${'0'.repeat(63)}f`, 'a key of one\u2019s own / with : all \u0000 kinds']);
const VALUE = Object.freeze({
  completions: Object.freeze([Object.freeze({ text: 'caf\u00e9 \ud83d\ude00 \u2028', finishReason: 'stop' })]),
  nothing: null,
  number: 0.1,
});

/**
 * What every store of answers promises, as tests that any test runner can run:
 * `for (const law of cacheLaws) test(law.name, () => law.check(() => new MyCache()))`.
 */
export const cacheLaws: readonly CacheLaw[] = Object.freeze([
  law('knows nothing at first', async (cache) => {
    assert.ok(cache instanceof Cache, 'it does not extend Cache');
    for (const key of KEYS) assert.equal(await cache.get(key), undefined);
  }),
  law('gives back what was put in, under any key', async (cache) => {
    for (const key of KEYS) await cache.set(key, VALUE);
    for (const key of KEYS) assert.deepEqual(await cache.get(key), VALUE);
  }),
  law('gives frozen values, to the bottom', async (cache) => {
    await cache.set(KEYS[0] ?? '', structuredClone(VALUE));
    const value = (await cache.get(KEYS[0] ?? '')) as typeof VALUE;
    assert.ok(Object.isFrozen(value) && Object.isFrozen(value.completions[0]), 'the value is not frozen');
  }),
  law('keeps the last of several values', async (cache) => {
    for (let round = 0; round < 5; round++) await cache.set(KEYS[2] ?? '', { round });
    assert.deepEqual(await cache.get(KEYS[2] ?? ''), { round: 4 });
  }),
  law('serves many at once', async (cache) => {
    const all = Array.from({ length: 64 }, (_, index) => index);
    await Promise.all(all.map((index) => cache.set(`key ${index}`, { index })));
    const found = await Promise.all(all.map((index) => cache.get(`key ${index}`)));
    assert.deepEqual(
      found,
      all.map((index) => ({ index })),
    );
  }),
  law('keeps what is called __proto__ as data', async (cache) => {
    await cache.set('__proto__', Object.freeze({ polluted: 'no' }));
    assert.deepEqual(await cache.get('__proto__'), { polluted: 'no' });
    assert.equal(({} as { polluted?: unknown }).polluted, undefined);
    assert.equal(await cache.get('constructor'), undefined);
  }),
  law('counts hits and misses in whole numbers', async (cache) => {
    await cache.set(KEYS[0] ?? '', VALUE);
    await cache.get(KEYS[0] ?? '');
    await cache.get(KEYS[1] ?? '');
    const { entries, hits, misses } = cache.stats();
    assert.deepEqual({ entries, hits, misses }, { entries: 1, hits: 1, misses: 1 });
  }),
  law('forgets all when it is cleared, and works on', async (cache) => {
    for (const key of KEYS) await cache.set(key, VALUE);
    await cache.clear();
    for (const key of KEYS) assert.equal(await cache.get(key), undefined);
    await cache.set(KEYS[0] ?? '', VALUE);
    assert.deepEqual(await cache.get(KEYS[0] ?? ''), VALUE);
  }),
  law('forgets one entry when it can delete, and says whether there was one', async (cache) => {
    if (cache.delete === undefined) return;
    for (const key of KEYS) await cache.set(key, VALUE);
    assert.equal(await cache.delete(KEYS[2] ?? ''), true);
    assert.equal(await cache.delete(KEYS[2] ?? ''), false);
    assert.equal(await cache.get(KEYS[2] ?? ''), undefined);
    assert.deepEqual(await cache.get(KEYS[0] ?? ''), VALUE);
  }),
  law('lists every entry once when it can list, under keys that find them', async (cache) => {
    if (cache.entries === undefined) return;
    for (const key of KEYS) await cache.set(key, { key });
    let count = 0;
    for await (const [key, value] of cache.entries()) {
      count += 1;
      assert.deepEqual(await cache.get(key), value);
    }
    assert.equal(count, KEYS.length);
  }),
  law('closes as often as one likes', async (cache) => {
    await cache.set(KEYS[0] ?? '', VALUE);
    await cache.close();
    await cache.close();
  }),
]);

function law(name: string, check: (cache: Cache) => Promise<void>): CacheLaw {
  return Object.freeze({
    name,
    check: async (make: () => Cache | Promise<Cache>) => {
      const cache = await make();
      try {
        await check(cache);
      } finally {
        await cache.close();
      }
    },
  });
}
