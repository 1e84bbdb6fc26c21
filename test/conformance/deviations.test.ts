import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEVIATIONS } from './deviations';
import { groupReports } from './report';
import { SUITES } from './suites/index';
import { PINS } from './vectors';

const [TABLE = '', COUNTS = ''] = readFileSync(join(__dirname, '../../docs/deviations.md'), 'utf8').split(
  '## How often',
);

it('every difference the runner excuses has its number and its reason in docs/deviations.md', () => {
  const rows = TABLE.split('\n').flatMap((line) => {
    const cells = line.split('|').map((cell) => cell.trim());
    return /^D\d+$/.test(cells[1] ?? '')
      ? [{ id: cells[1] as string, complete: cells.slice(2, 5).every((cell) => cell !== '') }]
      : [];
  });
  expect(rows.filter((row) => !row.complete)).toEqual([]);
  expect(new Set(rows.map((row) => row.id)).size).toBe(rows.length);
  expect(DEVIATIONS.map((deviation) => deviation.id).filter((id) => !rows.some((row) => row.id === id))).toEqual([]);
});

it('docs/deviations.md says how many of the pinned vectors show each difference', async () => {
  const counts = new Map<string, number>();
  for (const suite of SUITES) {
    for (const report of await groupReports(suite, PINS)) {
      for (const [id, count] of report.deviations) counts.set(id, (counts.get(id) ?? 0) + count);
    }
  }
  const shown = [...counts].sort(([a], [b]) => Number(a.slice(1)) - Number(b.slice(1)));
  expect(COUNTS.match(/^\| D\d+ \| \d+ \|$/gm)).toEqual(shown.map(([id, count]) => `| ${id} | ${count} |`));
});
