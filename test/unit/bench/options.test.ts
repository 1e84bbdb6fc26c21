import { describe, expect, test } from 'vitest';
import type { Row } from '../../../bench/harness/row';
import { readOptions, UsageError } from '../../../bench/harness/run/options';

const us = (name: string, contestant: 'dspex' | 'dspy' | 'limit') =>
  ({ case: name, contestant, figure: 'us' }) as const;

const ROWS: readonly Row[] = [
  {
    id: 'P1',
    title: 'Predict',
    cases: [
      { name: '0', workload: 'predict', contestants: ['dspex', 'dspy'] },
      { name: '64', workload: 'predict', contestants: ['dspex', 'dspy', 'limit'] },
    ],
    checks: [
      { name: 'flat', over: us('64', 'dspex'), under: us('0', 'dspex'), atMost: 1.5, steady: true },
      { name: 'vs DSPy', over: us('0', 'dspy'), under: us('0', 'dspex'), atLeast: 8 },
    ],
  },
  { id: 'S1', title: 'Copy', cases: [{ name: 'copy', workload: 'copy', contestants: ['dspex', 'dspy'] }], checks: [] },
];

const read = (...args: string[]) => readOptions(args, ROWS);
const mistake = (...args: string[]): string => {
  try {
    read(...args);
  } catch (error) {
    expect(error).toBeInstanceOf(UsageError);
    return (error as Error).message;
  }
  throw new Error('There was no mistake.');
};

describe('the arguments', () => {
  test('without any: all rows, nine rounds, the results written', () => {
    expect(read()).toMatchObject({ rows: ROWS, rounds: 9, gate: false, requireAll: false, build: true, full: true });
  });

  test('name rows in any case of letters, and so are no full run', () => {
    const { rows, full } = read('p1');
    expect(rows.map(({ id }) => id)).toEqual(['P1']);
    expect(full).toBe(false);
  });

  test('take options', () => {
    expect(
      read('S1', '--rounds', '21', '--gate', '--require-all', '--no-build', '--json', 'a.json', '--html', 'a.html'),
    ).toMatchObject({ rounds: 21, gate: true, requireAll: true, build: false, json: 'a.json', html: 'a.html' });
  });

  test('--steady leaves the steady checks and what they need', () => {
    const { rows, full } = read('--steady');
    expect(full).toBe(false);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.checks.map(({ name }) => name)).toEqual(['flat']);
    expect(rows[0]?.cases.map(({ name, contestants }) => [name, contestants])).toEqual([
      ['0', ['dspex']],
      ['64', ['dspex']],
    ]);
  });

  test('--steady enforces the looser bound where a check names one', () => {
    const [row] = ROWS as [Row];
    const checks = row.checks.map((check) => ({ ...check, steady: check.name === 'flat' ? 3 : 2 }));
    const { rows } = readOptions(['--steady'], [{ ...row, checks }]);
    expect(rows[0]?.checks).toMatchObject([{ atMost: 3 }, { atLeast: 2 }]);
    expect(readOptions([], [{ ...row, checks }]).rows[0]?.checks).toMatchObject([{ atMost: 1.5 }, { atLeast: 8 }]);
  });

  test('--contestants leaves the others out, and keeps the checks, which are then not measured', () => {
    const { rows, full } = read('--contestants', 'limit,dspy');
    expect(full).toBe(false);
    expect(rows.flatMap(({ cases }) => cases.map(({ contestants }) => contestants))).toEqual([
      ['dspy'],
      ['dspy', 'limit'],
      ['dspy'],
    ]);
    expect(rows[0]?.checks).toHaveLength(2);
  });

  test('are refused by name, with what there is', () => {
    expect(mistake('P9')).toBe('There is no row P9. There are P1, S1.');
    expect(mistake('--contestants', 'dspex,me')).toContain(
      "no contestant 'me'. There are dspex, dspy, ax, ai-sdk, limit",
    );
    expect(mistake('--fast')).toMatch(/--fast[\s\S]*--rounds N/u);
    for (const rounds of ['6', '7.5', 'many']) expect(mistake('--rounds', rounds)).toContain(`--rounds is '${rounds}'`);
  });
});
