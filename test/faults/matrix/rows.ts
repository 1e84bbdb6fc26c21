/** One fault of the matrix. */
export interface MatrixRow {
  readonly row: number;
  readonly fault: string;
  /** Belongs to a part of the library that is still to come; it is shown, and not asked for. */
  readonly later?: true;
}

const FAULTS: Readonly<Record<number, string>> = {
  1: 'connection refused',
  2: 'name cannot be resolved',
  3: 'connection never comes about',
  4: 'TLS: certificate or host is wrong',
  5: 'reset before the headers',
  6: 'reset inside a JSON body',
  7: 'reset inside a stream that was read',
  8: 'headers drip byte by byte',
  9: 'stream stalls',
  10: 'deadline shorter than the attempts',
  11: '429 with a wait in seconds',
  12: '429 with a date, also a past one',
  13: '429 with a wait of 0 ms',
  14: '429 with an impossible wait',
  15: '429 because the money is spent',
  16: '500, 502, 503, 504, 529',
  17: '408 and 409',
  18: '400, 401, 403, 404, 413, 422',
  19: 'server says whether to retry',
  20: 'prompt longer than the context',
  21: 'success with truncated JSON',
  22: 'success with HTML or nothing',
  23: 'broken text: UTF-8, NUL, BOM',
  24: 'body without end',
  25: 'compressed bomb',
  26: 'events doubled, mixed up, unknown',
  27: 'forged end of a stream',
  28: 'error inside a stream',
  29: 'answer cut at its length',
  30: 'no choices, null, refused, filtered',
  31: 'tool calls that make no sense',
  32: 'answer to another request',
  33: 'redirect to another origin',
  34: 'wall clock jumps by an hour',
  35: 'event loop blocked by user code',
  36: 'killed during an optimization',
  37: 'killed during a cache write',
  38: 'disk full or read-only',
  39: 'damaged cache file',
  40: 'processes share a cache',
  41: 'many identical calls at once',
  42: 'half-open circuit with a crowd',
  43: 'retry storm',
  44: 'abort at every stage',
  45: '10,000 calls at once',
  46: 'one signal for very many calls',
  47: 'secrets in artifacts',
  48: 'prototype pollution',
  49: 'markers injected into values',
  50: 'hostile saved program',
  51: 'requests forged by URLs',
  52: 'generated code that attacks',
  53: 'slow expressions, super-linear readers',
  54: 'listener or logger throws or hangs',
  55: 'metric throws, lies or hangs',
  56: 'interrupted optimization',
  57: 'stragglers',
};

const LATER: ReadonlySet<number> = new Set([36, 52, 55, 56, 57]);

/** Every row of the fault matrix, in order. */
export const MATRIX_ROWS: readonly MatrixRow[] = Object.entries(FAULTS).map(([row, fault]) => ({
  row: Number(row),
  fault,
  ...(LATER.has(Number(row)) ? { later: true as const } : {}),
}));
