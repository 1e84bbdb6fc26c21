import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PINS, readVectors, recordedDirectory } from '../vectors';
import { pinVector } from './pin-vector';
import { isPinned, PINNED_FILES } from './scope';

/** `npm run conformance:pin`: writes `test/conformance/pins` from the recorded vectors, which must be there. */
function main(): void {
  const directory = recordedDirectory();
  if (directory === undefined) {
    console.error('There are no recorded vectors to pin: name their folder in DSPEX_VECTORS.');
    process.exitCode = 1;
    return;
  }
  mkdirSync(PINS, { recursive: true });
  for (const file of PINNED_FILES) {
    const pinned = readVectors(file, directory).filter((vector) => isPinned(file, vector.group));
    const lines = pinned.map((vector) => `${JSON.stringify(pinVector(vector))}\n`).join('');
    writeFileSync(join(PINS, file), lines);
    console.log(`${file}: ${pinned.length} vectors, ${Math.ceil(lines.length / 1024)} kB`);
  }
}

main();
