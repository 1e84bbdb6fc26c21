import { expect } from 'vitest';
import { faultRow } from '../../matrix/fault-row';
import { ask, setUp } from '../../resilient-client';
import { retriesOf } from '../../retries';

const at = (ms: number) => new Date(ms).toUTCString();

faultRow(12, '429 with a date as Retry-After, by the clock of a server that is an hour behind', async (context) => {
  const retries = retriesOf(context.after);
  const theirs = Date.now() - 3_600_000;
  const headers = { date: at(theirs), 'retry-after': at(theirs + 1_000) };
  const { server, lm } = await setUp(context, [[429, headers], 'at last'], { random: () => 0 });
  expect((await ask(lm)).attempts).toBe(2);
  expect(server.requests).toHaveLength(2);
  expect(retries.map(({ waitMs }) => waitMs)).toEqual([1_000]);
  return { happened: 'waited 1 s, as the server meant it', attempts: 2 };
});

faultRow(12, '429 with a date in the past as Retry-After', async (context) => {
  const retries = retriesOf(context.after);
  const headers = { 'retry-after': at(Date.now() - 60_000) };
  const { server, lm } = await setUp(context, [[429, headers], 'at last'], { random: () => 1, baseDelayMs: 7 });
  expect((await ask(lm)).attempts).toBe(2);
  expect(server.requests).toHaveLength(2);
  expect(retries.map(({ waitMs }) => waitMs)).toEqual([7]);
  return { happened: 'our own back-off of 7 ms applied', attempts: 2 };
});
