import type { Case, Check, Row } from '../harness/row';

const through = (name: string, contestants: Case['contestants']): Case => ({
  name,
  workload: 'first-token',
  params: { through: name },
  contestants,
});

const atMost = (name: string, figure: string, most: number): Check => ({
  name: `${name}, ${figure}`,
  over: { case: name, contestant: 'dspex', figure },
  atMost: most,
});

/** T1: how soon the first token is there. */
export const T1: Row = {
  id: 'T1',
  title: 'First token, later than in a raw undici stream',
  note:
    'Milliseconds from the call to the first letters of the answer, less those of a raw request in the same round, in turns with it: the ' +
    'median of the differences, and the difference of the 99th percentiles. composeLM and ' +
    'stream without a cache. Ax: streamingForward, its own prompt and format.',
  mock: { latencyMs: 2 },
  cases: [through('client', ['dspex']), through('composeLM', ['dspex']), through('stream', ['dspex', 'ax'])],
  checks: [
    ...['client', 'composeLM', 'stream'].flatMap((name) => [atMost(name, 'p50Ms', 1), atMost(name, 'p99Ms', 3)]),
    {
      name: 'Ax over dspex, p50',
      over: { case: 'stream', contestant: 'ax', figure: 'p50Ms' },
      under: { case: 'stream', contestant: 'dspex', figure: 'p50Ms' },
      atLeast: 2,
    },
  ],
};

const decode = (name: string, to: string): Case => ({
  name,
  workload: 'decode',
  params: { to },
  contestants: to === 'stream' ? ['dspex'] : ['dspex', 'limit'],
});

const speed = (name: string): Check => ({
  name: `dspex over eventsource-parser, ${name}`,
  over: { case: name, contestant: 'dspex', figure: 'mbPerSecond' },
  under: { case: name, contestant: 'limit', figure: 'mbPerSecond' },
  atLeast: 0.8,
  steady: 0.5,
});

/** T2: reading a stream. */
export const T2: Row = {
  id: 'T2',
  title: 'Server-sent events and the routing of fields',
  note:
    'Megabytes of a streamed answer of 20,000 tokens for each second of processor time; the same bytes in chunks of 1,400. Events: only decoding. Fields: ' +
    'and JSON.parse, and the text of the field by the chat adapter; limit: eventsource-parser, JSON.parse, a search for the marker. Events of ' +
    'stream: for await over stream(Predict), no gate. Ax decodes within its own fetch and cannot be driven the same way.',
  cases: [decode('events', 'events'), decode('fields', 'fields'), decode('events of stream', 'stream')],
  checks: [speed('events'), speed('fields')],
};

/** Rows of streams. */
export const STREAM_ROWS: readonly Row[] = [T1, T2];
