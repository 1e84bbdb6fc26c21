import { OpenAICompatible, resilient } from 'dspex/clients';
import { expect } from 'vitest';
import { type LMError, LMTransportError } from '../../../src/core/errors/lm-errors';
import { faultRow } from '../matrix/fault-row';
import { closedPort } from '../raw-server';

faultRow(1, 'connection refused', async ({ use }) => {
  const client = new OpenAICompatible({ model: 'm', baseUrl: await closedPort() });
  const lm = use(resilient(client, { attempts: 3, baseDelayMs: 10, random: () => 1 }));
  const startedAt = performance.now();
  const error = (await lm.generate(lm.createRequest([{ role: 'user', content: 'q' }])).catch((e) => e)) as LMError;
  const ms = performance.now() - startedAt;
  expect(error).toBeInstanceOf(LMTransportError);
  expect(error.details.providerCode).toBe('ECONNREFUSED');
  expect(error.attempts).toBe(3);
  expect(ms).toBeGreaterThanOrEqual(30);
  return { happened: `3 attempts, waits of 10 and 20 ms, then ${error.code} (ECONNREFUSED)`, attempts: error.attempts };
});
