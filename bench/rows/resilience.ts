import type { Case, Row } from '../harness/row';

const layer = (name: string): Case => ({
  name,
  workload: 'resilience',
  params: { layer: name },
  contestants: name === 'everything' ? ['dspex', 'limit'] : ['dspex'],
});

/** R1: what protection costs. */
export const R1: Row = {
  id: 'R1',
  title: 'Everything that composeLM has by default, on a resolved promise',
  note:
    'Microseconds of processor time that the layers add to a call of a model that has its answer at once, each request another one: cache miss ' +
    '(key and write included), single-flight, limiter, breaker, retry, deadline, telemetry with nobody listening. Limit: a stack of cockatiel, ' +
    'retry, breaker, bulkhead and timeout, without cache, key and single-flight.',
  cases: ['everything', 'resilient', 'single-flight', 'cached', 'budgeted'].map(layer),
  checks: [
    {
      name: 'dspex, us added',
      over: { case: 'everything', contestant: 'dspex', figure: 'addedUs' },
      atMost: 10,
    },
    {
      name: 'resilience over a cockatiel stack',
      over: { case: 'resilient', contestant: 'dspex', figure: 'addedUs' },
      under: { case: 'everything', contestant: 'limit', figure: 'addedUs' },
      atMost: 1,
      steady: true,
    },
  ],
};

const hostile = (name: string, bytes: number, contestants: Case['contestants']): Case => ({
  name,
  workload: 'hostile',
  params: { bytes },
  contestants,
});

/** R2: answers that mean harm. */
export const R2: Row = {
  id: 'R2',
  title: 'Hostile completions, the worst of the corpus',
  note:
    'dspex: 44 texts, four adapters, ten types of field, bare and in the place of a field; all are read at a tenth of the size, the forty slowest at full ' +
    'size in each round, the best of three. Whatever is not read as an ordinary value is refused with AdapterParseError, else the row fails. streamedMs is ' +
    'the sum of 20,000 pieces of 50 characters. DSPy: small ones of its own, for its time grows with their square.',
  cases: [hostile('1 MB', 1_000_000, ['dspex']), hostile('4 kB', 4000, ['dspex', 'dspy'])],
  checks: [
    { name: 'dspex, ms at 1 MB', over: { case: '1 MB', contestant: 'dspex', figure: 'worstMs' }, atMost: 50 },
    // Below the bounds of numbers and lists, where other ways are taken.
    { name: 'dspex, ms at 4 kB', over: { case: '4 kB', contestant: 'dspex', figure: 'worstMs' }, atMost: 50 },
    {
      name: 'DSPy over dspex, 4 kB',
      over: { case: '4 kB', contestant: 'dspy', figure: 'worstMs' },
      under: { case: '4 kB', contestant: 'dspex', figure: 'worstMs' },
    },
  ],
};

/** Rows of protection. */
export const RESILIENCE_ROWS: readonly Row[] = [R1, R2];
