import type { Case, Check, Row } from '../harness/row';

const held: Case = {
  name: '10,000 in flight',
  workload: 'in-flight',
  params: { inFlight: 10_000 },
  contestants: ['dspex', 'limit'],
};

/** E5: ten thousand at once. */
export const E5: Row = {
  id: 'E5',
  title: '10,000 requests in flight over HTTP',
  note:
    'Each round is a process of its own: resident memory at its most, less what was there before, by request. ' +
    'The mock server answers after 3 s, so that all requests are there before the first answer is.',
  mock: { latencyMs: 3000 },
  cases: [held],
  checks: [
    {
      name: 'memory of each, over the limit',
      over: { case: held.name, contestant: 'dspex', figure: 'rssBytes' },
      under: { case: held.name, contestant: 'limit', figure: 'rssBytes' },
      atMost: 2,
    },
    {
      name: 'delay of the event loop, p99',
      over: { case: held.name, contestant: 'dspex', figure: 'loopP99Ms' },
      atMost: 200,
    },
  ],
};

const STREAMED: readonly Case[] = [10, 100, 1000, 10_000, 100_000, 1_000_000].map((rows) => ({
  name: `${rows} rows`,
  workload: 'streamed-rows',
  params: { rows },
  contestants: ['dspex'],
}));

/** The same memory after 1,000 rows and after more. */
function constant(figure: string): Check[] {
  return [10_000, 100_000, 1_000_000].map((rows) => ({
    name: `${figure === 'rssMb' ? 'resident memory' : 'heap'}, ${rows} rows over 1,000`,
    over: { case: `${rows} rows`, contestant: 'dspex', figure },
    under: { case: '1000 rows', contestant: 'dspex', figure },
    atMost: 1.1,
  }));
}

/** Below 1,000 rows the time is that of a program that is not compiled yet, so slopes begin there. 0.014 is 1.1 times at 1,000 times the rows. */
function slope(figure: string, atMost: number): Check {
  const cases = STREAMED.slice(2).map(({ name }) => name);
  return {
    name: `slope of ${figure} from 1,000 rows (flat is 0)`,
    contestant: 'dspex',
    figure,
    parameter: 'rows',
    cases,
    atMost,
  };
}

/** E7: an evaluation over a file. */
export const E7: Row = {
  id: 'E7',
  title: 'Evaluate over streamed JSONL, 10 to 1,000,000 rows',
  note:
    'Each round is a process of its own, without history, with its young generation held at its first size, in which 20,000 rows of another ' +
    'file were evaluated before: until then resident memory grows whatever becomes of rows, because code is compiled and the old ' +
    'generation comes up to its first collection. Figures are resident memory at its most, runtime and library included, and the heap ' +
    'after a last collection. A row that is kept (`keepRows: true`) takes 1.2 kB: it would show at 10,000 rows.',
  // A round takes half a minute, and memory of a process of its own hardly varies.
  rounds: 3,
  cases: STREAMED,
  checks: [...['rssMb', 'heapMb'].flatMap(constant), slope('rssMb', 0.014), slope('us', 0)],
};

/** M1: what calls leave behind. */
export const M1: Row = {
  id: 'M1',
  title: 'Heap after 1,000,000 calls with the default history',
  note:
    'Prompts of 1 kB. Both keep the last calls to look back at. DSPy: 10,000 of them, whatever their size. dspex: as many, but no more ' +
    'than 4 MiB by its own estimate (`historyBytes`), some 1,200 of this size, so that it grows no further after those; the case ' +
    '"10,000 calls, all kept" shows what a call takes where dspex is told to keep as many as DSPy. DSPy: bytes of Python objects ' +
    '(tracemalloc). dspex: bytes of heap after a collection. Warmed up before.',
  // A million calls take half a minute, and what the heap holds after a collection hardly varies.
  rounds: 3,
  cases: [
    {
      name: 'a million calls',
      workload: 'heap-growth',
      params: { calls: 1_000_000, bytes: 1000 },
      contestants: ['dspex'],
    },
    {
      name: '10,000 calls',
      workload: 'heap-growth',
      params: { calls: 10_000, bytes: 1000 },
      contestants: ['dspex', 'dspy'],
    },
    {
      name: '10,000 calls, all kept',
      workload: 'heap-growth',
      params: { calls: 10_000, bytes: 1000, keepAll: true },
      contestants: ['dspex'],
    },
  ],
  checks: [
    {
      name: 'plateau: heap after 1,000,000 calls over 500,000',
      over: { case: 'a million calls', contestant: 'dspex', figure: 'quarter4Mb' },
      under: { case: 'a million calls', contestant: 'dspex', figure: 'quarter2Mb' },
      // It would hold on a noisy machine too, but takes longer than the whole short gate.
      atMost: 1.05,
    },
    {
      name: 'growth per call over the first 10,000, dspex over DSPy',
      over: { case: '10,000 calls', contestant: 'dspex', figure: 'bytesPerCall' },
      under: { case: '10,000 calls', contestant: 'dspy', figure: 'bytesPerCall' },
      atMost: 0.05,
    },
  ],
};
