import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { DEVIATIONS } from './deviations';

const TABLE = readFileSync(join(__dirname, '../../docs/deviations.md'), 'utf8');

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
