import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Vector } from './suite';

const BESIDE_THE_REPOSITORY = resolve(__dirname, '../../../shared/conformance');

/** The repository's own copy of the vectors, with hashes in place of the reference's texts. */
export const PINS = join(__dirname, 'pins');

/** The folder of recorded vectors: `DSPEX_VECTORS`, else `../shared/conformance`; `undefined` when there is none. */
export function recordedDirectory(): string | undefined {
  const directory = process.env['DSPEX_VECTORS'] ?? BESIDE_THE_REPOSITORY;
  return existsSync(directory) ? directory : undefined;
}

/** The folder to replay: the recorded vectors, or the pins where there are none. */
export function vectorsDirectory(): string {
  return recordedDirectory() ?? PINS;
}

/** The vectors of one file, in its order; none when the folder does not have the file. */
export function readVectors(file: string, directory: string = vectorsDirectory()): readonly Vector[] {
  if (!existsSync(join(directory, file))) return [];
  const lines = readFileSync(join(directory, file), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Vector);
}
