import { expect, test } from 'vitest';
import { ATTEMPTS, OUTSIDE_CASES } from './cases';
import { compareClients, renderComparison } from './compare';

// The official client of OpenAI is a witness: what it does is printed (`npm run faults:outside`), what dspex does is asserted.
test('dspex and the official client meet the same faults', async () => {
  const results = await compareClients();
  const ours = results.filter(({ client }) => client === 'dspex');
  expect(ours.map(({ name, attempts, outcome }) => ({ name, attempts, outcome }))).toEqual(
    OUTSIDE_CASES.map(({ name, ours: { attempts, outcome } }) => ({ name, attempts, outcome })),
  );
  const theirs = results.filter(({ client }) => client === 'openai');
  expect(theirs).toHaveLength(OUTSIDE_CASES.length);
  for (const { attempts } of theirs) {
    expect(attempts).toBeGreaterThan(0);
    expect(attempts).toBeLessThanOrEqual(ATTEMPTS);
  }
  expect(renderComparison(results)).toHaveLength(results.length + 1);
});
