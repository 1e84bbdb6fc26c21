import { mkdtempSync, rmSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32, deflateRawSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { extractZipEntry } from '../../../src/lm/clients/local/weights/zip-entry';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'dspex-zip-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** A zip archive as wheels have it: local headers with an extra field, then the directory. */
function zip(files: Record<string, { content: string; stored?: boolean }>): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, { content, stored = false }] of Object.entries(files)) {
    const raw = Buffer.from(content);
    const packed = stored ? raw : deflateRawSync(raw);
    const common = Buffer.alloc(26);
    common.writeUInt16LE(stored ? 0 : 8, 4);
    common.writeUInt32LE(crc32(raw), 10);
    common.writeUInt32LE(packed.length, 14);
    common.writeUInt32LE(raw.length, 18);
    common.writeUInt16LE(name.length, 22);
    const local = Buffer.from(common);
    local.writeUInt16LE(4, 24);
    const header = Buffer.concat([Buffer.from('PK\x03\x04'), local, Buffer.from(name), Buffer.alloc(4)]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02'), Buffer.alloc(2), common, rest, Buffer.from(name)]));
    parts.push(header, packed);
    offset += header.length + packed.length;
  }
  const entries = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt32LE(entries.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, entries, end]);
}

describe('unpacking one file of an archive', () => {
  const files = {
    'a/first.txt': { content: 'one' },
    'b.txt': { content: 'two '.repeat(500) },
    c: { content: 'three', stored: true },
  };

  it.each(Object.entries(files))('gives the bytes of %s', async (name, { content }) => {
    await writeFile(join(folder, 'x.zip'), zip(files));
    await extractZipEntry(join(folder, 'x.zip'), name, join(folder, 'out'));
    expect(await readFile(join(folder, 'out'), 'utf8')).toBe(content);
  });

  it('says which file an archive does not hold', async () => {
    await writeFile(join(folder, 'x.zip'), zip(files));
    await expect(extractZipEntry(join(folder, 'x.zip'), 'd', join(folder, 'out'))).rejects.toThrow('holds no file d');
  });

  it('recognises a truncated archive', async () => {
    await writeFile(join(folder, 'x.zip'), zip(files).subarray(0, 60));
    await expect(extractZipEntry(join(folder, 'x.zip'), 'c', join(folder, 'out'))).rejects.toThrow('truncated');
  });
});
