import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Vector } from './suite';

const BESIDE_THE_REPOSITORY = resolve(__dirname, '../../../shared/conformance');

/** The folder of recorded vectors: `DSPEX_VECTORS`, else `../shared/conformance`; `undefined` when there is none. */
export function vectorsDirectory(): string | undefined {
  const directory = process.env['DSPEX_VECTORS'] ?? BESIDE_THE_REPOSITORY;
  return existsSync(directory) ? directory : undefined;
}

/** The vectors of one file, in its order; none when the folder does not have the file. */
export function readVectors(file: string, directory: string | undefined = vectorsDirectory()): readonly Vector[] {
  if (directory === undefined || !existsSync(join(directory, file))) return [];
  const lines = readFileSync(join(directory, file), 'utf8').split('\n');
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as Vector);
}
