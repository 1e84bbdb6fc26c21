import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { ModelFileNotFoundError, WeightsCorruptError } from '../../../../core/errors/local-errors';
import type { KnownWeights } from './known-weights';

const MAGIC = 'GGUF';

/** What is wrong with a copy of these weights, in words; undefined when it is the very file. */
export async function problemOf(path: string, { bytes, sha256 }: KnownWeights): Promise<string | undefined> {
  const { size } = await stat(path);
  if (bytes !== undefined && size < bytes) return `it is truncated (${size} of ${bytes} bytes)`;
  if (bytes !== undefined && size > bytes) return `it has ${size} bytes instead of ${bytes}`;
  if (sha256 === undefined) return beginningOf(path);
  const digest = await sha256Of(path);
  return digest === sha256 ? undefined : `its SHA-256 is ${digest} instead of ${sha256}`;
}

/** Throws `ModelFileNotFoundError` or `WeightsCorruptError` for a path of the user's that is no GGUF file. */
export async function checkModelFile(given: string): Promise<string> {
  const path = resolve(given);
  const found = await stat(path).catch(() => undefined);
  if (found === undefined || !found.isFile()) throw new ModelFileNotFoundError(given, path);
  const problem = await beginningOf(path);
  if (problem !== undefined) throw new WeightsCorruptError(path, problem);
  return path;
}

/** What is wrong with how the file begins. */
async function beginningOf(path: string): Promise<string | undefined> {
  const file = await open(path, 'r');
  try {
    const { bytesRead, buffer } = await file.read(Buffer.alloc(MAGIC.length), 0, MAGIC.length, 0);
    if (bytesRead < MAGIC.length) return `it is truncated (${bytesRead} bytes)`;
    return buffer.toString('latin1') === MAGIC ? undefined : 'it is no GGUF file';
  } finally {
    await file.close();
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) hash.update(chunk as Buffer);
  return hash.digest('hex');
}
