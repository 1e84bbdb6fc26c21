import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { MemoryCache } from 'dspex/clients';
import fc from 'fast-check';
import { expect, test } from 'vitest';

/** What a `MemoryCache` of numbers (8 bytes each) should do, as plainly as can be: keys in order of use. */
class Model {
  entries: [string, number][] = [];
  evictions = 0;

  constructor(private readonly most: number) {}

  get(key: string): number | undefined {
    const found = this.entries.find(([known]) => known === key);
    if (found === undefined) return undefined;
    this.entries = [...this.entries.filter((entry) => entry !== found), found];
    return found[1];
  }

  set(key: string, value: number): void {
    this.delete(key);
    this.entries.push([key, value]);
    while (this.entries.length > this.most) {
      this.entries.shift();
      this.evictions += 1;
    }
  }

  delete(key: string): void {
    this.entries = this.entries.filter(([known]) => known !== key);
  }
}

const keys = fc.integer({ min: 0, max: 12 }).map(String);
const steps = fc.oneof(
  fc.record({ do: fc.constant('set'), key: keys }),
  fc.record({ do: fc.constant('get'), key: keys }),
  fc.record({ do: fc.constant('delete'), key: keys }),
  { weight: 1, arbitrary: fc.record({ do: fc.constant('clear'), key: keys }) },
);

test('keeps what was used last, through any order of steps', () => {
  fc.assert(
    fc.property(
      fc.array(steps, { maxLength: 120 }),
      fc.integer({ min: 1, max: 8 }),
      fc.boolean(),
      (all, most, inBytes) => {
        const cache = new MemoryCache(inBytes ? { maxBytes: most * 8 } : { maxEntries: most });
        const model = new Model(most);
        all.forEach(({ do: step, key }, value) => {
          if (step === 'get') expect(cache.get(key)).toBe(model.get(key));
          else if (step === 'delete') {
            cache.delete(key);
            model.delete(key);
          } else if (step === 'clear') {
            cache.clear();
            model.entries = [];
          } else {
            cache.set(key, value);
            model.set(key, value);
          }
        });
        expect([...cache.entries()]).toEqual(model.entries);
        expect(cache.stats()).toMatchObject({
          entries: model.entries.length,
          bytes: model.entries.length * 8,
          evictions: model.evictions,
        });
      },
    ),
  );
});

/** Bytes of the heap that are in use, garbage left out. */
function heldBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

test.each([
  ['is not full', 1_000],
  ['is full', 500],
])('reading from one that %s holds no more than what is kept', (_name, maxEntries) => {
  const cache = new MemoryCache({ maxEntries });
  const keys = Array.from({ length: 1_000 }, (_, n) => `key ${n}`);
  for (const key of keys) cache.set(key, 1);
  const before = heldBytes();
  for (let round = 0; round < 500; round++) for (const key of keys) cache.get(key);
  // Every table that the map had outgrown was held: 27 MB and 14 MB.
  expect(heldBytes() - before).toBeLessThan(5_000_000);
  expect(cache.stats().entries).toBe(maxEntries);
});
