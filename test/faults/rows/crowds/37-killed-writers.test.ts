import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { DiskCache, FileCache } from 'dspex/clients';
import { expect, vi } from 'vitest';
import { compiled } from '../../cache/compiled';
import { storedValue } from '../../cache/stored-value';
import { faultRow } from '../../matrix/fault-row';

vi.setConfig({ testTimeout: 400_000 });

const CYCLES = 200;

/** Starts a writer and kills it some milliseconds after its first entry; gives the entries it said were written. */
async function killedWriter(script: string, folder: string, prefix: string, afterMs: number): Promise<string[]> {
  const child = spawn(process.execPath, [script, folder, prefix], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  const ended = new Promise((resolve) => child.on('close', (_code, signal) => resolve(signal)));
  await new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      resolve();
    });
    child.on('close', () => resolve());
  });
  await wait(afterMs);
  child.kill('SIGKILL');
  expect(await ended, 'the writer ended by itself').toBe('SIGKILL');
  return output.split('\n').slice(0, -1);
}

faultRow(37, 'kill -9 while two processes write', async ({ use, after }) => {
  const script = use(compiled('write-until-killed.ts'));
  const folder = await mkdtemp(join(tmpdir(), 'dspex-row-37-'));
  after(() => rm(folder, { recursive: true, force: true }));
  const stores = { disk: use(new DiskCache(join(folder, 'disk'))), file: use(new FileCache(join(folder, 'file'))) };
  const written: string[] = [];
  for (let cycle = 0; cycle < CYCLES; cycle += 2) {
    // Two writers run at once; each is killed at a moment of its own, so two cycles end here.
    const pair = [0, 1].map((writer) =>
      killedWriter(script.path, folder, `${cycle}-${writer}`, (cycle * 7919 + writer * 31) % 37),
    );
    for (const lines of await Promise.all(pair)) {
      expect(lines.length).toBeGreaterThan(0);
      for (const line of lines) await expectReadable(stores, line);
      written.push(...lines);
    }
  }
  // Once more with files that are opened, and checked, anew.
  const later = { disk: use(new DiskCache(join(folder, 'disk'))), file: use(new FileCache(join(folder, 'file'))) };
  for (const line of written) await expectReadable(later, line);
  expect(later.disk.stats().errors).toBe(0);
  expect(later.file.stats().errors).toBe(0);
  const onDisk = written.filter((line) => line.startsWith('disk')).length;
  return {
    happened: `${CYCLES} writers killed, two at a time: all ${onDisk} answers of DiskCache and ${written.length - onDisk} of FileCache whose set had resolved were read back, none torn`,
  };
});

async function expectReadable(stores: Readonly<Record<string, DiskCache | FileCache>>, line: string): Promise<void> {
  const [kind = '', key = ''] = line.split(' ');
  expect(await stores[kind]?.get(key), line).toEqual(storedValue(key));
}
