import { createServer } from 'node:net';
import { Worker } from 'node:worker_threads';
import { expect, test } from 'vitest';
import { leakGate } from './leak-gate';
import { renderMatrix } from './render';
import { MATRIX_ROWS } from './rows';

test('a gate after work that closed everything finds nothing', async () => {
  const gate = leakGate();
  clearTimeout(setTimeout(() => {}, 60_000));
  gate.watch(new AbortController().signal);
  expect(await gate.check()).toEqual([]);
});

test.each<[string, () => (() => unknown) | Promise<() => unknown>]>([
  [
    'timer',
    () => {
      const timer = setTimeout(() => {}, 60_000);
      return () => clearTimeout(timer);
    },
  ],
  [
    'TCPServerWrap',
    () => {
      const server = createServer().listen(0, '127.0.0.1');
      return () => server.close();
    },
  ],
  [
    'thread',
    () => {
      const worker = new Worker('setInterval(() => {}, 1000)', { eval: true });
      return () => worker.terminate();
    },
  ],
])('a gate finds a %s that was left', async (kind, leave) => {
  const gate = leakGate();
  const cleanUp = await leave();
  try {
    expect(await gate.check()).toContain(`1 ${kind}`);
  } finally {
    await cleanUp();
  }
});

test('a gate finds a listener on a signal that it watches', async () => {
  const gate = leakGate();
  const { signal } = new AbortController();
  gate.watch(signal);
  const listener = () => {};
  signal.addEventListener('abort', listener);
  expect(await gate.check()).toEqual(['1 abort listener']);
  signal.removeEventListener('abort', listener);
  expect(await gate.check()).toEqual([]);
});

test('the matrix has the rows 1 to 57, and says which nothing tests', () => {
  expect(MATRIX_ROWS.map(({ row }) => row)).toEqual(Array.from({ length: 57 }, (_, index) => index + 1));
  const { lines, missing } = renderMatrix(
    [
      { row: 1, title: 'a', happened: 'it held', attempts: 3, passed: true },
      { row: 1, title: 'b', happened: 'it broke', passed: false },
      { row: 2, title: 'c', happened: 'it held', passed: true },
    ],
    MATRIX_ROWS.filter(({ row }) => row < 4 || row === 36),
  );
  expect(missing).toEqual([3]);
  expect(lines.map((line) => line.replace(/\s+/gu, ' ').trim())).toEqual([
    'row fault attempts result',
    '1 connection refused 3 FAIL',
    '- a: it held',
    'x b: it broke',
    '2 name cannot be resolved pass',
    '- c: it held',
    '3 connection never comes about MISSING',
    '36 killed during an optimization later',
  ]);
});
