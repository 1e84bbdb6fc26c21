import type { Row } from '../harness/row';

const PROGRAM = { predictors: 20, demos: 16 };
const PROGRAM_NAME = '20 predictors, 16 demos each';

/** S1: programs as values. */
export const S1: Row = {
  id: 'S1',
  title: 'Copy a program of 20 predictors with 16 demos each',
  note: 'dspex: `clone()`, predictors of its own and the same frozen demos. DSPy: `deepcopy()`, demos copied as well.',
  cases: [{ name: PROGRAM_NAME, workload: 'copy-program', params: PROGRAM, contestants: ['dspex', 'dspy'] }],
  checks: [
    {
      name: 'dspy over dspex',
      over: { case: PROGRAM_NAME, contestant: 'dspy', figure: 'us' },
      under: { case: PROGRAM_NAME, contestant: 'dspex', figure: 'us' },
      atLeast: 100,
    },
  ],
};

/** S2: programs as files. */
export const S2: Row = {
  id: 'S2',
  title: 'Save and load the same program',
  note:
    'To a real file and back into another program of the same class. dspex flushes the file to the disk before it takes the place of the ' +
    'old one, DSPy does not: the time of the disk is in the figure of dspex alone.',
  cases: [{ name: PROGRAM_NAME, workload: 'save-load', params: PROGRAM, contestants: ['dspex', 'dspy'] }],
  checks: [
    {
      name: 'dspy over dspex',
      over: { case: PROGRAM_NAME, contestant: 'dspy', figure: 'ms' },
      under: { case: PROGRAM_NAME, contestant: 'dspex', figure: 'ms' },
      atLeast: 20,
    },
  ],
};

/** Rows of programs as values and files. */
export const STATE_ROWS: readonly Row[] = [S1, S2];
