import type { Case, Row } from '../harness/row';

const executor = (items: number): Case => ({
  name: `${items} items`,
  workload: 'executor',
  params: { items, inFlight: 8 },
  contestants: ['dspex'],
});

const SIZES = [1000, 10_000, 40_000, 100_000, 1_000_000];

/** E6: the executor alone. */
export const E6: Row = {
  id: 'E6',
  title: 'Executor only, 1,000 to 1,000,000 items',
  note:
    'dspex: an Evaluate whose program and metric do nothing, with deadline, abort scope, usage and result of each row. ' +
    'DSPy: its ParallelExecutor with a function that does nothing. 8 at once; dspex keeps the results of all rows.',
  cases: SIZES.map((items) =>
    items === 40_000 ? { ...executor(items), contestants: ['dspex', 'dspy'] } : executor(items),
  ),
  checks: [
    {
      name: 'DSPy over dspex, 40,000 items',
      over: { case: '40000 items', contestant: 'dspy', figure: 'us' },
      under: { case: '40000 items', contestant: 'dspex', figure: 'us' },
      atLeast: 50,
    },
    {
      name: '1,000,000 items over 1,000, us per item',
      over: { case: '1000000 items', contestant: 'dspex', figure: 'us' },
      under: { case: '1000 items', contestant: 'dspex', figure: 'us' },
      atMost: 1.2,
    },
    {
      name: 'slope of processor time per item, 1,000 to 1,000,000 (flat is 0)',
      contestant: 'dspex',
      figure: 'cpuUs',
      parameter: 'items',
      cases: SIZES.map((items) => executor(items).name),
      // 1.2 times at a thousand times the items.
      atMost: 0.03,
    },
  ],
};
