import type { Case, Row } from '../harness/row';

const importing: Case = { name: 'import', workload: 'import', contestants: ['dspex', 'ax', 'dspy'] };
const help: Case = { name: 'dspex --help', workload: 'command-help', contestants: ['dspex'] };

const dspexMs = { case: importing.name, contestant: 'dspex', figure: 'ms' } as const;

/** I1 and I2: what starting costs. */
export const START_ROWS: readonly Row[] = [
  {
    id: 'I1',
    title: 'Import of the core entry, over the bare runtime',
    note: 'Child processes with and without the import, in turns; the quickest of each round is compared.',
    cases: [importing],
    checks: [
      { name: 'milliseconds', over: dspexMs, atMost: 40 },
      { name: 'modules', over: { ...dspexMs, figure: 'modules' }, atMost: 60, steady: true },
      {
        name: 'DSPy over dspex',
        over: { ...dspexMs, contestant: 'dspy' },
        under: dspexMs,
        atLeast: 12,
      },
      { name: 'dspex over Ax', over: dspexMs, under: { ...dspexMs, contestant: 'ax' }, atMost: 1 },
    ],
  },
  {
    id: 'I2',
    title: 'The command line: dspex --help',
    note: 'A process from its start to its end, the bare runtime (about 25 ms here) included.',
    cases: [help],
    checks: [{ name: 'milliseconds', over: { case: help.name, contestant: 'dspex', figure: 'ms' }, atMost: 150 }],
  },
];
