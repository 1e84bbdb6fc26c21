import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import { compiled } from '../../cache/compiled';
import { runChild } from '../../cache/run-child';
import { faultRow } from '../../matrix/fault-row';

// A file system of 1 MiB needs rights that a test should not ask for; a limit on the size of files fails the same writes.
const LIMIT_KB = 1024;

for (const [kind, entries, length] of [
  ['disk', 1000, 3000],
  ['file', 3, 2_000_000],
] as const) {
  const name = kind === 'disk' ? 'DiskCache' : 'FileCache';

  faultRow(38, `full disk under a ${name}`, async ({ use, after }) => {
    const script = use(compiled('fill-disk.ts'));
    const folder = await mkdtemp(join(tmpdir(), 'dspex-row-38-'));
    after(() => rm(folder, { recursive: true, force: true }));
    const end = await runChild(script.path, [kind, folder, String(entries), String(length)], LIMIT_KB);
    expect(end).toMatchObject({ code: 0, signal: null });
    expect(JSON.parse(end.lines.at(-1) ?? '')).toEqual({ warnings: 1, lost: 0, thrown: 0 });
    return { happened: `${name} with no room left: 1 warning, new answers in memory, none lost` };
  });

  faultRow(38, `${name} in a folder that cannot be written`, async ({ use, after }) => {
    const script = use(compiled('fill-disk.ts'));
    const folder = await mkdtemp(join(tmpdir(), 'dspex-row-38-'));
    after(() => rm(folder, { recursive: true, force: true }));
    // Below a file nothing can be made, not even by root, who may write into read-only folders.
    await writeFile(join(folder, 'file'), '');
    const end = await runChild(script.path, [kind, join(folder, 'file', 'cache'), '20', '100']);
    expect(end).toMatchObject({ code: 0, signal: null, errors: '' });
    expect(JSON.parse(end.lines.at(-1) ?? '')).toEqual({ warnings: 1, lost: 0, thrown: 0 });
    return { happened: `${name} that can write nothing: 1 warning, answers in memory, none lost` };
  });
}
