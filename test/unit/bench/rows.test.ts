import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { quantitiesOf } from '../../../bench/harness/row-parts';
import { ROWS } from '../../../bench/rows';

describe('the rows of the table', () => {
  test('have names of their own', () => {
    const ids = ROWS.map(({ id }) => id.toLowerCase());
    expect(ids.length).toBeGreaterThan(0);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test.each(ROWS.map((row) => [row.id, row] as const))('%s checks what its cases measure', (_id, row) => {
    const names = row.cases.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const done = new Set(row.cases.flatMap(({ name, contestants }) => contestants.map((who) => `${name}: ${who}`)));
    const unknown = row.checks.flatMap(quantitiesOf).filter((asked) => !done.has(`${asked.case}: ${asked.contestant}`));
    expect(unknown).toEqual([]);
    const checks = row.checks.map(({ name }) => name);
    expect(new Set(checks).size).toBe(checks.length);
  });

  test.each(ROWS.map((row) => [row.id, row] as const))('%s asks for workloads that are there', (_id, row) => {
    const missing = row.cases.flatMap(({ workload, contestants }) =>
      contestants
        .filter((who) => {
          const main = join(__dirname, '../../../bench/contestants', who, who === 'dspy' ? 'main.py' : 'main.ts');
          return !readFileSync(main, 'utf8').includes(workload);
        })
        .map((who) => `${who} has no workload '${workload}'`),
    );
    expect(missing).toEqual([]);
  });

  test('hold steady only where no time decides: a ratio, a slope or a count', () => {
    const times = /us$|ms$|perSecond/iu;
    const absolute = ROWS.flatMap(({ id, checks }) =>
      checks
        .filter(
          (check) => check.steady && 'over' in check && check.under === undefined && times.test(check.over.figure),
        )
        .map(({ name }) => `${id}: ${name}`),
    );
    expect(absolute).toEqual([]);
  });

  test('are at least 7 rounds, but where one takes half a minute', () => {
    const long = ['E7', 'M1'];
    const few = ROWS.filter(({ id, rounds = 7 }) => rounds < 7 && !long.includes(id));
    expect(few.map(({ id }) => id)).toEqual([]);
  });
});
