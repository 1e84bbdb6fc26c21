import { describe, expect, test } from 'vitest';
import type { Case, ContestantName, Row } from '../../../bench/harness/row';
import { ROOT } from '../../../bench/harness/run/built';
import { failuresOf, notMet, withRetry } from '../../../bench/harness/run/gate';
import { runRow } from '../../../bench/harness/run/row-run';
import { fixtureLaunch } from './fixtures/fixture-launch';

const missing: Partial<Record<ContestantName, string>> = { dspy: 'there is no python3 on this machine' };
const starts = {
  of: async (name: ContestantName) => missing[name] ?? { ...fixtureLaunch(), version: '1' },
  script: fixtureLaunch,
};
const us = (name: string, contestant: ContestantName) => ({ case: name, contestant, figure: 'us' }) as const;
const oneCase = (workload: string, contestants: ContestantName[], params: Case['params'] = {}): Case => ({
  name: workload,
  workload,
  params,
  contestants,
});
const run = (cases: readonly Case[], checks: Row['checks'] = []) =>
  runRow({ id: 'X1', title: 'x', cases, checks }, 7, starts, () => undefined);

describe('a row', () => {
  test('is measured in rounds and judged', async () => {
    const quick: Case = { ...oneCase('steady', ['dspex'], { us: 2 }), name: 'quick' };
    const slow: Case = { ...oneCase('steady', ['dspex', 'limit'], { us: 8 }), name: 'slow' };
    const result = await run(
      [quick, slow],
      [
        { name: 'ratio', over: us('slow', 'limit'), under: us('quick', 'dspex'), atLeast: 5 },
        { name: 'slope', contestant: 'dspex', figure: 'us', parameter: 'us', cases: ['quick', 'slow'], atMost: 1.1 },
      ],
    );
    expect(result.missing).toEqual([]);
    expect(result.measurements.map(({ case: name, contestant, rounds }) => [name, contestant, rounds])).toEqual([
      ['quick', 'dspex', Array(7).fill(2)],
      ['slow', 'dspex', Array(7).fill(8)],
      ['slow', 'limit', Array(7).fill(8)],
    ]);
    expect(result.checks.map(({ verdict, estimate }) => [verdict, estimate?.value])).toEqual([
      ['not met', 4],
      ['met', 1],
    ]);
    expect(failuresOf([result], { gate: true, requireAll: false })).toEqual([
      "X1: 'ratio' is 4 (4 to 4) and must be at least 5: 20 % past its gate.",
    ]);
    expect(failuresOf([result], { gate: false, requireAll: false })).toEqual([]);
  });

  test('without a contestant that cannot be had is no failure, and its checks are not measured', async () => {
    const result = await run(
      [oneCase('steady', ['dspex', 'dspy'])],
      [{ name: 'vs DSPy', over: us('steady', 'dspy'), under: us('steady', 'dspex'), atLeast: 8 }],
    );
    expect(result.missing).toEqual([{ contestant: 'dspy', why: missing.dspy, failed: false }]);
    expect(result.checks[0]).toMatchObject({ verdict: 'not measured', why: `dspy: ${missing.dspy}` });
    expect(failuresOf([result], { gate: true, requireAll: false })).toEqual([]);
    expect(failuresOf([result], { gate: true, requireAll: true })).toHaveLength(1);
  });

  test.each([
    ['cannot open', 'There is no such file.'],
    ['cannot go on', 'The third is too much.'],
    ['dies', 'ended with code 3'],
    ['no such workload', "There is no workload 'no such workload'."],
  ])('whose workload %s goes on with the others, and fails the run', async (workload, why) => {
    const result = await run(
      [oneCase('steady', ['limit']), oneCase(workload, ['dspex'])],
      [{ name: 'c', over: us(workload, 'dspex'), atMost: 1 }],
    );
    expect(result.missing).toMatchObject([{ contestant: 'dspex', case: workload, failed: true }]);
    expect(result.missing[0]?.why).toContain(why);
    expect(result.missing[0]?.why).not.toContain(ROOT);
    expect(result.measurements.map(({ case: name }) => name)).toEqual(['steady']);
    expect(result.checks[0]?.verdict).toBe('not measured');
    expect(failuresOf([result], { gate: false, requireAll: false })).toHaveLength(1);
  });

  test('whose mock server does not start is not measured, and fails the run', async () => {
    const broken = { ...starts, script: () => ({ command: process.execPath, args: ['-e', 'process.exit(4)'] }) };
    const checks = [{ name: 'c', over: us('steady', 'dspex'), atMost: 9 }];
    const cases = [oneCase('steady', ['dspex'])];
    const row: Row = { id: 'X1', title: 'x', mock: { latencyMs: 1 }, cases, checks };
    const result = await runRow(row, 7, broken, () => undefined);
    expect(result.checks[0]).toMatchObject({
      verdict: 'not measured',
      why: 'mock: The mock server ended with code 4.',
    });
    expect(failuresOf([result], { gate: false, requireAll: false })).toEqual([
      'X1: mock failed: The mock server ended with code 4.',
    ]);
  });

  test('closes what it opened, and says what would not close', async () => {
    const said: string[] = [];
    const row: Row = { id: 'X1', title: 'x', cases: [oneCase('closes loudly', ['dspex'])], checks: [] };
    const { measurements } = await runRow(row, 7, starts, (line) => said.push(line));
    expect(measurements).toHaveLength(1);
    expect(said.join('\n')).toContain('dspex: Error: The door is stuck.');
  });

  test('does not time a contestant that brings something else than the others', async () => {
    const differing = {
      ...starts,
      of: async (name: ContestantName) => {
        const { args, ...rest } = fixtureLaunch();
        const version = '1';
        return name === 'limit' ? { ...rest, args: [...args, 'otherwise'], version } : { ...rest, args, version };
      },
    };
    const row: Row = { id: 'X1', title: 'x', cases: [oneCase('own arguments', ['dspex', 'ax', 'limit'])], checks: [] };
    const result = await runRow(row, 7, differing, () => undefined);
    expect(result.measurements.map(({ contestant }) => contestant)).toEqual(['dspex', 'ax']);
    expect(result.missing).toMatchObject([{ contestant: 'limit', failed: true }]);
    expect(result.missing[0]?.why).toMatch(/brings other outputs than dspex: .*otherwise/u);
  });

  test('that was measured once more is judged by the second time', async () => {
    const checks = [{ name: 'slow', over: us('steady', 'dspex'), atMost: 3 }];
    const first = await run([oneCase('steady', ['dspex'], { us: 8 })], checks);
    const second = await run([oneCase('steady', ['dspex'], { us: 2 })], checks);
    expect(notMet(first)).toHaveLength(1);
    const result = withRetry(first, second);
    expect(notMet(result)).toEqual([]);
    expect(result.retried).toEqual(['slow']);
  });
});
