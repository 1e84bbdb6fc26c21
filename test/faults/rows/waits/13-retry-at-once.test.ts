import { expect } from 'vitest';
import { faultRow } from '../../matrix/fault-row';
import { ask, setUp } from '../../resilient-client';
import { retriesOf } from '../../retries';

faultRow(13, '429 with retry-after-ms: 0 and retry-after: 30', async (context) => {
  const retries = retriesOf(context.after);
  const refuse = [429, { 'retry-after-ms': '0', 'retry-after': '30' }] as const;
  const { server, lm } = await setUp(context, [refuse, refuse, 'at last'], { deadlineMs: 20_000, baseDelayMs: 10_000 });
  const response = await ask(lm);
  expect(response.attempts).toBe(3);
  expect(server.requests).toHaveLength(3);
  expect(retries.map(({ waitMs }) => waitMs)).toEqual([0, 0]);
  return { happened: 'tried again at once, twice', attempts: 3 };
});
