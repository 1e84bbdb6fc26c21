import type { Case, Check, ContestantName, Measured, Row } from '../harness/row';

const MOCK = { latencyMs: 50 } as const;
const NOTE =
  'Prompts are numbered ever upward: none comes twice. dspex: Evaluate over Predict over composeLM with everything on (memory cache, ' +
  'each call a miss; single-flight; limiter; breaker; retry; deadline). DSPy: its Evaluate with a thread for each request in flight, its ' +
  'own client with as many connections, caches off. Ax and the AI SDK: no evaluator with several rows at once, so a pool of promises ' +
  'around a call of each, which is less work. Limit: undici, a pool of promises, JSON.parse, a template and a regular expression.';

/** A bound that no contestant can pass, whatever it does. */
function bound(inFlight: number): string {
  return `At most ${inFlight} / ${MOCK.latencyMs} ms = ${(inFlight / MOCK.latencyMs) * 1000} requests a second; mock and contestant share the machine. `;
}

function overHttp(inFlight: number, rows: number, contestants: readonly ContestantName[]): Case {
  return { name: `${inFlight} in flight`, workload: 'evaluate', params: { inFlight, rows }, contestants };
}

const EVERYBODY = ['dspex', 'dspy', 'ax', 'ai-sdk', 'limit'] as const;

function of(inFlight: number, contestant: ContestantName, figure: string): Measured {
  return { case: `${inFlight} in flight`, contestant, figure };
}

/** How many requests a second dspex does for each of another's. */
function rate(inFlight: number, other: ContestantName, atLeast: number, aim?: number): Check {
  return {
    name: `dspex over ${other}, requests a second`,
    over: of(inFlight, 'dspex', 'perSecond'),
    under: of(inFlight, other, 'perSecond'),
    atLeast,
    ...(aim === undefined ? {} : { aim }),
    // Both share the machine with the mock and whatever else runs there: CI enforces two thirds of it.
    ...(other === 'limit' ? { steady: Math.round((atLeast * 200) / 3) / 100 } : {}),
  };
}

/** E1: few at once; a round is ten waves. */
export const E1: Row = {
  id: 'E1',
  title: 'Evaluate over HTTP, 50 ms, 16 in flight',
  note: bound(16) + NOTE,
  mock: MOCK,
  cases: [overHttp(16, 160, EVERYBODY)],
  checks: [rate(16, 'dspy', 1.05), rate(16, 'ax', 1.1), rate(16, 'limit', 0.95)],
};

/** E2: more. */
export const E2: Row = {
  id: 'E2',
  title: 'Evaluate over HTTP, 50 ms, 64 in flight',
  note: bound(64) + NOTE,
  mock: MOCK,
  cases: [overHttp(64, 640, EVERYBODY)],
  checks: [rate(64, 'dspy', 1.8, 2), rate(64, 'ax', 2.2), rate(64, 'limit', 0.92)],
};

/** E3: many; a round is eight waves. */
export const E3: Row = {
  id: 'E3',
  title: 'Evaluate over HTTP, 50 ms, 256 in flight',
  note: bound(256) + NOTE,
  mock: MOCK,
  cases: [overHttp(256, 2048, EVERYBODY)],
  checks: [rate(256, 'dspy', 6, 7), rate(256, 'ax', 5, 6), rate(256, 'limit', 0.8, 0.9)],
};

/** E4: what a request costs where the machine has time to spare. */
export const E4: Row = {
  id: 'E4',
  title: 'Processor time of a call over HTTP, 64 in flight',
  note: `User and system time of the contestant's process, garbage collection included. ${NOTE}`,
  mock: MOCK,
  cases: [overHttp(64, 640, EVERYBODY)],
  checks: [
    {
      name: 'DSPy over dspex',
      over: of(64, 'dspy', 'cpuUs'),
      under: of(64, 'dspex', 'cpuUs'),
      atLeast: 7,
      aim: 10,
    },
    { name: 'Ax over dspex', over: of(64, 'ax', 'cpuUs'), under: of(64, 'dspex', 'cpuUs'), atLeast: 8 },
    {
      name: 'dspex over limit',
      over: of(64, 'dspex', 'cpuUs'),
      under: of(64, 'limit', 'cpuUs'),
      atMost: 1.4,
      steady: 6,
    },
  ],
};

const gather = (name: string, stack: boolean, contestants: readonly ContestantName[]): Case => ({
  name,
  workload: 'gather',
  params: { calls: 5000, latencyMs: 200, stack },
  contestants,
});

/** E8: very many at once, without a network. */
export const E8: Row = {
  id: 'E8',
  title: '5,000 calls of 200 ms at once, in process',
  note: 'At least 200 ms. Limit: 5,000 timers and a regular expression. DSPy: asyncio.gather of acall, its model sleeping in asyncio.',
  cases: [
    gather('Predict', false, ['dspex', 'dspy', 'limit']),
    // What the layers of a real stack add; no gate.
    gather('Predict on composeLM', true, ['dspex']),
  ],
  checks: [
    {
      name: 'DSPy over dspex',
      over: { case: 'Predict', contestant: 'dspy', figure: 'ms' },
      under: { case: 'Predict', contestant: 'dspex', figure: 'ms' },
      atLeast: 8,
    },
    // 1.7 of the 200 ms that a call takes.
    { name: 'dspex, ms', over: { case: 'Predict', contestant: 'dspex', figure: 'ms' }, atMost: 340 },
  ],
};

/** Rows of many calls at once. */
export const EVALUATE_ROWS: readonly Row[] = [E1, E2, E3, E4, E8];
