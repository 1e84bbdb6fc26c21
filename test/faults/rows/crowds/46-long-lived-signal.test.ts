import { getEventListeners } from 'node:events';
import { composeLM } from 'dspex/clients';
import { DummyLM } from 'dspex/testing';
import { expect } from 'vitest';
import { faultRow } from '../../matrix/fault-row';
import { ask, setUp } from '../../resilient-client';

const CALLS = 100_000;
const AT_ONCE = 100;

faultRow(46, 'one signal lives through 100,000 calls', async (context) => {
  const warnings: Error[] = [];
  const listener = (warning: Error) => void warnings.push(warning);
  process.on('warning', listener);
  context.after(() => process.off('warning', listener));
  const { signal } = new AbortController();
  const listeners = () => getEventListeners(signal, 'abort').length;
  let most = 0;
  const lm = context.use(
    composeLM(
      new DummyLM(() => {
        most = Math.max(most, listeners());
        return { answer: 'A' };
      }),
      { cache: false, singleFlight: false },
    ),
  );
  for (let done = 0; done < CALLS; done += AT_ONCE) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => ask(lm, { signal })));
  }
  expect(most).toBe(1);
  expect(listeners()).toBe(0);

  // The same over sockets.
  const { server, lm: remote } = await setUp(context, ['fine']);
  for (let round = 0; round < 5; round += 1) {
    await Promise.all(Array.from({ length: AT_ONCE }, () => ask(remote, { signal })));
  }
  expect(server.requests).toHaveLength(5 * AT_ONCE);
  expect(listeners()).toBe(0);
  expect(warnings).toEqual([]);
  return { happened: 'never more than 1 listener, none afterwards, no warning', attempts: '1 per call' };
});
