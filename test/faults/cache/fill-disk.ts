import { writeSync } from 'node:fs';
import { DiskCache } from '../../../src/lm/cache/disk/disk-cache';
import { FileCache } from '../../../src/lm/cache/file-cache';

/** Writes more than the disk takes, and reads all of it again. Arguments: kind of store, folder, entries, characters of each. */
const [kind = '', folder = '', entries = '0', length = '0'] = process.argv.slice(2);
let warnings = 0;
const logger = { debug() {}, info() {}, error() {}, warn: () => void warnings++ };
const cache = kind === 'disk' ? new DiskCache(folder, { logger }) : new FileCache(folder, { logger });
const answerOf = (index: number) => `${index} `.repeat(Number(length)).slice(0, Number(length));
let thrown = 0;
process.on('unhandledRejection', () => thrown++);
process.on('uncaughtException', () => thrown++);

async function main(): Promise<void> {
  const sets = Array.from({ length: Number(entries) }, (_, index) => cache.set(`key ${index}`, answerOf(index)));
  for (const { status } of await Promise.allSettled(sets)) if (status === 'rejected') thrown += 1;
  await cache.set('later', 'still works');
  let lost = (await cache.get('later')) === 'still works' ? 0 : 1;
  for (let index = 0; index < Number(entries); index++) {
    if ((await cache.get(`key ${index}`)) !== answerOf(index)) lost += 1;
  }
  await cache.close();
  await new Promise((resolve) => setTimeout(resolve, 20));
  writeSync(1, `${JSON.stringify({ warnings, lost, thrown })}\n`);
}

void main();
