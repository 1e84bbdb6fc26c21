import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';

const HERE = __dirname;
const ROOT = join(HERE, '..', '..');
const { exports } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as {
  exports: Record<string, unknown>;
};

/** Doors that are code; the hook of `dspex/register` is for a process of its own. */
const DOORS = Object.entries(exports).flatMap(([door, conditions]) =>
  typeof conditions === 'object' && conditions !== null ? [[door, (conditions as { source: string }).source]] : [],
) as readonly [string, string][];

/** What the import of a file did outside of its process, and what some more code did after it. */
async function reached(file: string, deed?: string): Promise<string[]> {
  const { stdout } = await promisify(execFile)(
    process.execPath,
    [
      ...['--conditions=source', '-r', 'ts-node/register/transpile-only', '-r', join(HERE, 'quiet', 'watch.cjs')],
      ...[join(HERE, 'quiet', 'import.cjs'), join(ROOT, file), ...(deed === undefined ? [] : [deed])],
    ],
    { cwd: ROOT },
  );
  return JSON.parse(stdout) as string[];
}

test('there are doors', () => {
  expect(DOORS.map(([door]) => door)).toEqual(expect.arrayContaining(['.', './clients', './testing', './local']));
});

test.each(DOORS)('importing %s opens no socket, writes no file, starts nothing', async (_door, file) => {
  expect(await reached(file)).toEqual([]);
});

test.each<[string, string, string]>([
  [
    'a file that is written',
    'fs mkdtemp',
    "require('fs').mkdtempSync(require('path').join(require('os').tmpdir(), 'q-'))",
  ],
  ['a socket', 'net connect', "require('net').connect(9, '127.0.0.1').on('error', () => {})"],
  ['a timer', 'open: Timeout', 'setTimeout(() => {}, 1000)'],
  ['a thread', 'worker', "new (require('worker_threads').Worker)('', { eval: true })"],
  ['a listener of the process', 'listeners of the process', "process.on('exit', () => {})"],
])('%s would be seen', async (_name, what, deed) => {
  expect((await reached('decorators/metadata.ts', deed)).join()).toContain(what);
});
