import type { Case, Check, Measured, Row } from '../harness/row';

const us = (name: string, contestant: Measured['contestant']): Measured => ({ case: name, contestant, figure: 'us' });

/** For steady checks: nothing here waits, so processor time is the same figure, without what else the machine did. */
const cpuUs = (name: string, contestant: Measured['contestant']): Measured => ({
  ...us(name, contestant),
  figure: 'cpuUs',
});

/** How many times as fast as another dspex is. */
function faster(name: string, contestant: 'dspy' | 'ax', atLeast: number, aim?: number): Check {
  return {
    name: `${contestant} over dspex, ${name}`,
    over: us(name, contestant),
    under: us(name, 'dspex'),
    atLeast,
    ...(aim === undefined ? {} : { aim }),
  };
}

const predict = (demos: number): Case => ({
  name: `${demos} demos`,
  workload: 'predict',
  params: { demos },
  contestants: ['dspex', 'dspy', 'ax'],
});

const IN_PROCESS =
  'One call after another on a model in process without latency; two output fields, each question another one. ' +
  'DSPy: a subclass of BaseLM, the fastest of its interfaces, history as by default. Ax: its own model for tests, not streamed.';

/** P1: a call of a predictor. */
export const P1: Row = {
  id: 'P1',
  title: 'Predict without latency, no demos',
  note: IN_PROCESS,
  cases: [predict(0)],
  checks: [faster('0 demos', 'dspy', 8, 12), faster('0 demos', 'ax', 4, 8)],
};

/** P2: the same with demonstrations. */
export const P2: Row = {
  id: 'P2',
  title: 'Predict without latency, 16 and 64 demos',
  note: IN_PROCESS,
  cases: [{ ...predict(0), contestants: ['dspex'] }, predict(16), predict(64)],
  checks: [
    faster('16 demos', 'dspy', 30, 100),
    faster('64 demos', 'dspy', 30, 100),
    faster('16 demos', 'ax', 4, 8),
    faster('64 demos', 'ax', 4, 8),
    {
      name: 'dspex, 64 demos over none',
      over: cpuUs('64 demos', 'dspex'),
      under: cpuUs('0 demos', 'dspex'),
      atMost: 1.5,
      steady: 2,
    },
  ],
};

const format = (demos: number): Case => ({
  name: `${demos} demos`,
  workload: 'format',
  params: { demos },
  contestants: ['dspex', 'dspy'],
});

/** P3: a prompt as if nothing of it had been made before. */
export const P3: Row = {
  id: 'P3',
  title: 'Format cold, 64 demos',
  note:
    'dspex: an adapter, a spec and demos of their own each time, so that nothing kept from a prompt before helps. DSPy keeps nothing. ' +
    'The messages of both are compared to the byte, here for the prompts of the rows P, and for those of the rows E beside the template ' +
    'that the hand-written loop has.',
  cases: [
    format(0),
    format(16),
    format(64),
    {
      name: 'prompt of the rows over HTTP',
      workload: 'format',
      params: { demos: 0, asked: true },
      contestants: ['dspex', 'dspy', 'limit'],
    },
  ],
  checks: [faster('64 demos', 'dspy', 15)],
};

const SIZES = [
  [100, '100 B'],
  [10_000, '10 kB'],
  [1_000_000, '1 MB'],
] as const;

/** P4: values out of an answer. */
export const P4: Row = {
  id: 'P4',
  title: 'Parse chat and JSON, 100 B to 1 MB',
  note:
    'A text and a number. The limit: JSON.parse, then a hand-written check of both fields. Eight different answers in turns; a million ' +
    'bytes are eight million of them, so the caches of the processor count as well.',
  cases: SIZES.flatMap(([bytes, size]): Case[] => [
    { name: `chat, ${size}`, workload: 'parse', params: { format: 'chat', bytes }, contestants: ['dspex', 'dspy'] },
    {
      name: `JSON, ${size}`,
      workload: 'parse',
      params: { format: 'json', bytes },
      contestants: ['dspex', 'dspy', 'limit'],
    },
  ]),
  checks: SIZES.flatMap(([, size]): Check[] => [
    faster(`chat, ${size}`, 'dspy', 1, 2),
    faster(`JSON, ${size}`, 'dspy', 1, 2),
    {
      name: `dspex over limit, JSON, ${size}`,
      over: cpuUs(`JSON, ${size}`, 'dspex'),
      under: cpuUs(`JSON, ${size}`, 'limit'),
      atMost: 1.5,
      steady: 3,
    },
  ]),
};

/** Rows of a single prediction. */
export const PREDICT_ROWS: readonly Row[] = [P1, P2, P3, P4];
