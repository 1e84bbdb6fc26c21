import { OpenAICompatible, resilient } from 'dspex/clients';
import { expect } from 'vitest';
import { LMTransportError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { closedPort } from '../../raw-server';
import { ask, failureOf } from '../../resilient-client';
import { retriesOf } from '../../retries';

faultRow(1, 'connection refused', async ({ use, after }) => {
  const retries = retriesOf(after);
  const client = new OpenAICompatible({ model: 'm', baseUrl: await closedPort() });
  const lm = use(resilient(client, { attempts: 4, baseDelayMs: 10, maxDelayMs: 30, random: () => 1 }));
  const startedAt = performance.now();
  const error = await failureOf(ask(lm));
  const ms = performance.now() - startedAt;
  expect(error).toBeInstanceOf(LMTransportError);
  expect(error.details.providerCode).toBe('ECONNREFUSED');
  expect(error.attempts).toBe(4);
  expect(lm.stats().requests).toBe(4);
  // The dice always say the longest wait: 10 ms, doubled twice, held at the cap of 30.
  expect(retries.map(({ waitMs }) => waitMs)).toEqual([10, 20, 30]);
  expect(ms).toBeGreaterThanOrEqual(57);
  return {
    happened: `4 attempts, waits of 10, 20 and 30 ms, then ${error.code} (ECONNREFUSED)`,
    attempts: error.attempts,
  };
});
