import { mkdirSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Cache } from '../../../src/core/ports/cache';
import { DiskCache } from '../../../src/lm/cache/disk/disk-cache';
import { FileCache } from '../../../src/lm/cache/file-cache';

/**
 * Damages a cache again and again, and uses it each time. The last line printed is the mutation under way, so that a process that
 * dies tells which one killed it. Arguments: kind of store, folder, seed, first mutation, count.
 */
const [kind = '', folder = '', seed = '0', first = '0', count = '0'] = process.argv.slice(2);
const make = (directory: string): Cache => (kind === 'disk' ? new DiskCache(directory) : new FileCache(directory));
/** Each entry of a FileCache is a file, and costs as much. */
const [ENTRIES, MORE] = kind === 'disk' ? [40, 20] : [10, 5];
const answerOf = (index: number) => ({ index, text: `answer ${index} `.repeat(index % 4 === 0 ? 400 : 8) });

/** mulberry32: the same seed gives the same damage. */
function randomOf(state: number): (below: number) => number {
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return Math.floor((((t ^ (t >>> 14)) >>> 0) / 2 ** 32) * below);
  };
}

function filesOf(directory: string): string[] {
  return readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function damage(path: string, random: (below: number) => number): void {
  const bytes = readFileSync(path);
  switch (random(8)) {
    case 0:
      truncateSync(path, random(bytes.length + 1));
      return;
    case 1:
      writeFileSync(
        path,
        Array.from({ length: 300 }, () => `foreign ${random(1000)}`)
          .join('\n')
          .slice(0, random(3000)),
      );
      return;
    case 2: {
      // A page in the place of another.
      const page = 4096;
      const pages = Math.max(1, Math.floor(bytes.length / page));
      bytes.copy(bytes, random(pages) * page, random(pages) * page, (random(pages) + 1) * page);
      break;
    }
    case 3: {
      const at = random(bytes.length);
      bytes.fill(random(2) === 0 ? 0 : 255, at, Math.min(bytes.length, at + 1 + random(5000)));
      break;
    }
    case 4:
      // The numbers lmdb trusts stand in the first bytes of each page.
      for (let flips = 0; flips < 4; flips++) {
        const at = random(Math.ceil(bytes.length / 4096)) * 4096 + random(200);
        if (at < bytes.length) bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      }
      break;
    default:
      for (let flips = 1 + random(20); flips > 0; flips--) {
        const at = random(bytes.length);
        bytes[at] = (bytes[at] ?? 0) ^ (1 << random(8));
      }
  }
  writeFileSync(path, bytes);
}

async function main(): Promise<void> {
  const whole = join(folder, 'whole');
  const cache = make(whole);
  for (let index = 0; index < ENTRIES; index++) await cache.set(`key ${index}`, answerOf(index));
  for (let index = 0; index < 5; index++) await cache.delete?.(`key ${index}`);
  for (let index = 0; index < 5; index++) await cache.set(`key ${index}`, answerOf(index));
  await cache.close();
  const originals = filesOf(whole).map((path) => [path.slice(whole.length + 1), readFileSync(path)] as const);
  let [missed, wrong, lost] = [0, 0, 0];
  for (let mutation = Number(first); mutation < Number(first) + Number(count); mutation++) {
    writeSync(1, `mutation ${mutation}\n`);
    const random = randomOf(Number(seed) * 100_000 + mutation);
    const copy = join(folder, `copy-${mutation}`);
    for (const [name, bytes] of originals) {
      mkdirSync(join(copy, name, '..'), { recursive: true });
      writeFileSync(join(copy, name), bytes);
    }
    const paths = filesOf(copy);
    damage(paths[random(paths.length)] ?? '', random);
    const used = make(copy);
    for (let index = 0; index < ENTRIES; index++) {
      const value = await used.get(`key ${index}`);
      if (value === undefined) missed += 1;
      else if (JSON.stringify(value) !== JSON.stringify(answerOf(index))) wrong += 1;
      if (value === undefined) await used.set(`key ${index}`, answerOf(index));
    }
    await used.delete?.(`key ${random(ENTRIES)}`);
    await Promise.all(Array.from({ length: MORE }, (_, index) => used.set(`more ${index}`, answerOf(index))));
    await used.close();
    const again = make(copy);
    for (let index = 0; index < MORE; index++) {
      if (JSON.stringify(await again.get(`more ${index}`)) !== JSON.stringify(answerOf(index))) lost += 1;
    }
    await again.close();
    rmSync(copy, { recursive: true, force: true });
  }
  writeSync(1, `${JSON.stringify({ missed, wrong, lost })}\n`);
}

void main();
