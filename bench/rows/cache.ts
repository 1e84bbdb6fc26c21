import type { Case, Check, ContestantName, Row } from '../harness/row';

const SIZES = [
  ['1 kB', 1000],
  ['10 kB', 10_000],
  ['100 kB', 100_000],
] as const;

type Bounds = Pick<Check, 'atMost' | 'aim' | 'steady'> & { readonly atLeast?: number };

/** How many times as long as the limit dspex takes. */
function overLimit(name: string, bounds: Bounds): Check {
  return {
    name: `dspex over the limit, ${name}`,
    over: { case: name, contestant: 'dspex', figure: 'cpuUs' },
    under: { case: name, contestant: 'limit', figure: 'cpuUs' },
    ...bounds,
  };
}

/** How many times as fast as DSPy dspex is. */
function faster(name: string, atLeast: number, more: { readonly of?: string; readonly aim?: number } = {}): Check {
  const { of = name, aim } = more;
  return {
    name: `DSPy over dspex, ${name}`,
    over: { case: of, contestant: 'dspy', figure: 'us' },
    under: { case: name, contestant: 'dspex', figure: 'us' },
    atLeast,
    ...(aim === undefined ? {} : { aim }),
  };
}

const done = (
  name: string,
  workload: string,
  contestants: readonly ContestantName[],
  params: Case['params'] = {},
): Case => ({ name, workload, params, contestants });

/** C1: what a request is known by. */
export const C1: Row = {
  id: 'C1',
  title: 'Key of a request',
  note:
    'SHA-256 of what makes a request: head and lengths as JSON and digits, texts as they are. The keys of both are compared. Limit: the hash of that text alone, which is there in one piece. ' +
    'New: no message was seen before. Shared: system and demos are those of all calls of a predictor and only the question is new. DSPy has ' +
    'no such case; it goes through a new prompt of the same length. At 1 kB the limit takes 1.1 us, and to join the pieces of a request to one text takes 0.3 us by itself; ' +
    'to copy the hash of a shared beginning takes 0.5. So a short prompt cannot be within 1.2 of it.',
  cases: SIZES.flatMap(([name, bytes]) => [
    done(`${name}, new`, 'cache-key', ['dspex', 'dspy', 'limit'], { bytes }),
    done(`${name}, shared`, 'cache-key', ['dspex', 'limit'], { bytes, shared: true }),
  ]),
  checks: SIZES.flatMap(([name, bytes]) => [
    faster(`${name}, new`, 0.8),
    faster(`${name}, shared`, 0.8, { of: `${name}, new`, aim: 5 }),
    overLimit(`${name}, new`, { atMost: 1.2, steady: bytes > 10_000 }),
    overLimit(`${name}, shared`, { atMost: 1.2, steady: bytes > 1000 }),
  ]),
};

/** C2: an answer from memory. */
export const C2: Row = {
  id: 'C2',
  title: 'Hit in memory, prompt of 1 kB',
  note:
    'A whole call of an LM, each with a request of its own: its key, the look-up, a copy of the answer that says it was cached. dspex: composeLM with all it has by default. ' +
    'Shared: as in row C1.',
  cases: [
    done('hit', 'cache-hit', ['dspex', 'dspy'], { bytes: 1000 }),
    done('hit, shared', 'cache-hit', ['dspex'], { bytes: 1000, shared: true }),
  ],
  checks: [faster('hit', 20), faster('hit, shared', 20, { of: 'hit' })],
};

/** C3: an answer from disk. */
export const C3: Row = {
  id: 'C3',
  title: 'Hit on disk',
  note:
    'An answer of 400 bytes that no memory has. dspex checks it by a checksum (0.9 us), bounds its depth (0.3) and freezes it (0.5), and makes bytes of its key (0.3); the limit is lmdb and ' +
    'JSON.parse by hand, with keys made beforehand. ' +
    'Beside DSPy the key of a request of 1 kB is part of the work.',
  cases: [
    done('hit', 'disk-hit', ['dspex', 'limit']),
    done('hit by request', 'disk-hit', ['dspex', 'dspy'], { bytes: 1000, keyed: true }),
  ],
  checks: [overLimit('hit', { atMost: 2 }), faster('hit by request', 4)],
};

/** C4: an answer put on disk. */
export const C4: Row = {
  id: 'C4',
  title: 'Put on disk',
  note:
    'An answer of 400 bytes under a new key. dspex and the limit (lmdb by hand) have 64 puts in flight, as an evaluation has, and wait until each is flushed. DSPy puts one after the ' +
    'other and leaves the flushing to the system, which is most of a put here; the key of a request of 1 kB is part of the work.',
  cases: [
    done('put', 'disk-put', ['dspex', 'limit']),
    done('put by request', 'disk-put', ['dspex', 'dspy'], { bytes: 1000, keyed: true }),
  ],
  checks: [overLimit('put', { atMost: 3, steady: true }), faster('put by request', 5)],
};

/** C5: equal calls at once. */
export const C5: Row = {
  id: 'C5',
  title: 'Stampede of 1,000 equal calls',
  note: 'Requests that reach a model which takes 50 ms, of 1,000 equal calls at once. DSPy: a thread for each.',
  cases: [done('stampede', 'stampede', ['dspex', 'dspy'], { callers: 1000, latencyMs: 50 })],
  checks: [
    {
      name: 'dspex, requests',
      over: { case: 'stampede', contestant: 'dspex', figure: 'requests' },
      atMost: 1,
      steady: true,
    },
  ],
};

/** The rows on the cache. */
export const CACHE_ROWS: readonly Row[] = [C1, C2, C3, C4, C5];
