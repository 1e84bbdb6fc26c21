import { writeSync } from 'node:fs';
import { join } from 'node:path';
import { DiskCache } from '../../../src/lm/cache/disk/disk-cache';
import { FileCache } from '../../../src/lm/cache/file-cache';
import { storedValue } from './stored-value';

/** Writes into both stores until it is killed, and prints each key whose `set` has resolved. Arguments: folder, prefix of the keys. */
const [folder = '', prefix = ''] = process.argv.slice(2);
const stores = { disk: new DiskCache(join(folder, 'disk')), file: new FileCache(join(folder, 'file')) } as const;

async function write(kind: keyof typeof stores, lane: number): Promise<never> {
  for (let index = 0; ; index++) {
    const key = `${prefix}-${lane}-${index}`;
    await stores[kind].set(key, storedValue(key));
    writeSync(1, `${kind} ${key}\n`);
  }
}

for (let lane = 0; lane < 2; lane++) {
  void write('disk', lane);
  void write('file', lane);
}
