import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, vi } from 'vitest';
import { compiled } from '../../cache/compiled';
import { runChild } from '../../cache/run-child';
import { faultRow } from '../../matrix/fault-row';

vi.setConfig({ testTimeout: 400_000 });

for (const kind of ['disk', 'file'] as const) {
  const name = kind === 'disk' ? 'DiskCache' : 'FileCache';
  faultRow(39, `corrupted files of a ${name}`, async ({ use, after }) => {
    const script = use(compiled('mutate.ts'));
    const folder = await mkdtemp(join(tmpdir(), 'dspex-row-39-'));
    after(() => rm(folder, { recursive: true, force: true }));
    const halves = [0, 500].map((first) =>
      runChild(script.path, [kind, join(folder, String(first)), '39', String(first), '500']),
    );
    let missed = 0;
    for (const end of await Promise.all(halves)) {
      expect(end, end.lines.at(-1)).toMatchObject({ code: 0, signal: null, errors: '' });
      const counts = JSON.parse(end.lines.at(-1) ?? '');
      // Nothing is given back that was not put in, and what is written afterwards is there.
      expect(counts).toMatchObject({ wrong: 0, lost: 0 });
      expect(counts.missed).toBeGreaterThan(100);
      missed += counts.missed;
    }
    return {
      happened: `1,000 mutations in ${name}: none crashed, none gave a wrong answer, ${missed} entries asked anew`,
    };
  });
}
