import { expect } from 'vitest';
import { faultRow } from '../../matrix/fault-row';
import { ask, setUp } from '../../resilient-client';

for (const status of [408, 409]) {
  faultRow(17, `status ${status}, twice`, async (context) => {
    const { server, lm } = await setUp(context, [status, status, 'at last']);
    const response = await ask(lm);
    expect(response.completions[0]?.text).toBe('at last');
    expect(response.attempts).toBe(3);
    expect(server.requests).toHaveLength(3);
    expect(lm.stats().breaker).toBe('closed');
    return { happened: 'answered by the third attempt', attempts: 3 };
  });
}
