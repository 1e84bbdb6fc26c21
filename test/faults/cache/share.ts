import { writeSync } from 'node:fs';
import { DiskCache } from '../../../src/lm/cache/disk/disk-cache';
import { FileCache } from '../../../src/lm/cache/file-cache';
import { storedValue } from './stored-value';

/**
 * One of several processes that do the same work with one store: asks for its own share first, which nobody has, then, when it is told
 * that all are ready, for what the others had. Arguments: kind of store, folder, number, processes, operations.
 */
const [kind = '', folder = '', number = '0', processes = '1', operations = '0'] = process.argv.slice(2);
const cache = kind === 'disk' ? new DiskCache(folder) : new FileCache(folder);
const own = Number(operations) / Number(processes);
let [hits, misses, wrong] = [0, 0, 0];

async function ask(index: number): Promise<void> {
  const key = `work ${index}`;
  const value = await cache.get(key);
  if (value === undefined) {
    misses += 1;
    await cache.set(key, storedValue(key));
  } else {
    hits += 1;
    if (JSON.stringify(value) !== JSON.stringify(storedValue(key))) wrong += 1;
  }
}

async function askAll(indices: readonly number[]): Promise<void> {
  const queue = indices.values();
  await Promise.all(
    Array.from({ length: 50 }, async () => {
      for (const index of queue) await ask(index);
    }),
  );
}

async function main(): Promise<void> {
  const all = Array.from({ length: Number(operations) }, (_, index) => index);
  const mine = all.filter((index) => Math.floor(index / own) === Number(number));
  await askAll(mine);
  const first = { hits, misses };
  [hits, misses] = [0, 0];
  writeSync(1, 'ready\n');
  await new Promise((resolve) => process.stdin.once('data', resolve));
  process.stdin.destroy();
  // In another order in each process.
  await askAll(
    all.filter((index) => !mine.includes(index)).sort((a, b) => ((a * 7919) % 10007) - ((b * 7919) % 10007)),
  );
  const { errors = 0 } = cache.stats();
  await cache.close();
  writeSync(1, `${JSON.stringify({ first, hits, misses, wrong, errors })}\n`);
}

void main();
