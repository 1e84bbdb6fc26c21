import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { compiled } from '../../cache/compiled';
import { faultRow } from '../../matrix/fault-row';

vi.setConfig({ testTimeout: 400_000 });

const PROCESSES = 4;
const OPERATIONS = 10_000;

/** What a process says until it stops, and `said`, which resolves with its first line. */
function listen(child: ChildProcessWithoutNullStreams) {
  let [output, errors] = ['', ''];
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const ended = new Promise<{ output: string; errors: string }>((resolve) => {
    child.on('close', () => resolve({ output, errors }));
  });
  const ready = new Promise<void>((resolve) => {
    child.stdout.on('data', (chunk) => {
      output += chunk;
      resolve();
    });
    child.on('close', () => resolve());
  });
  return { child, ready, ended };
}

for (const kind of ['disk', 'file'] as const) {
  const name = kind === 'disk' ? 'DiskCache' : 'FileCache';
  faultRow(40, `${PROCESSES} processes share one ${name}`, async ({ use, after }) => {
    const script = use(compiled('share.ts'));
    const folder = await mkdtemp(join(tmpdir(), 'dspex-row-40-'));
    after(() => rm(folder, { recursive: true, force: true }));
    const sharers = Array.from({ length: PROCESSES }, (_, number) =>
      listen(spawn(process.execPath, [script.path, kind, folder, ...[number, PROCESSES, OPERATIONS].map(String)])),
    );
    await Promise.all(sharers.map(({ ready }) => ready));
    for (const { child } of sharers) child.stdin.end('go\n');
    let [hits, misses] = [0, 0];
    for (const { output, errors } of await Promise.all(sharers.map(({ ended }) => ended))) {
      expect(errors).toBe('');
      const counts = JSON.parse(output.trimEnd().split('\n').at(-1) ?? '');
      expect(counts).toMatchObject({ first: { misses: OPERATIONS / PROCESSES }, wrong: 0, errors: 0 });
      hits += counts.hits;
      misses += counts.misses;
    }
    expect(hits + misses).toBe((PROCESSES - 1) * OPERATIONS);
    expect(hits / (hits + misses)).toBeGreaterThanOrEqual(0.99);
    const rate = ((100 * hits) / (hits + misses)).toFixed(2);
    return {
      happened: `${PROCESSES} processes, ${OPERATIONS} operations each on one ${name}: what another had asked was found in ${rate} % of cases; no error, no wrong answer`,
    };
  });
}
