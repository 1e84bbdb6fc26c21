import { setTimeout as wait } from 'node:timers/promises';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { type FaultScript, startFaultServer } from 'dspex/testing';
import { expect, test } from 'vitest';
import { ANSWER, listener, piece, streamed } from '../../../faults/calls';

/** How far an answer comes. */
const answers: Readonly<Record<string, FaultScript>> = {
  whole: (exchange) => exchange.reply(200, ANSWER),
  nothing: (exchange) => exchange.pause(60_000),
  head: async (exchange) => {
    await exchange.head(200, { 'content-type': 'application/json', 'content-length': '100' });
    await exchange.pause(60_000);
  },
  pieces: async (exchange) => {
    await exchange.stream();
    await exchange.event(piece('a'));
    await exchange.pause(60_000);
  },
  stream: (exchange) => streamed(exchange, ['a', 'b', 'c']),
  failure: (exchange) => exchange.reply(500, { error: { message: 'no' } }),
};

/** In milliseconds; absent for a call that was left before it began. */
const LEFT_AFTER = [undefined, 0, 1, 2, 5, 10, 20, 40];

test.each(Object.keys(answers))('calls left at any stage leave nothing behind: %s', async (kind) => {
  let mended = false;
  await using server = await startFaultServer((exchange, index) =>
    mended ? exchange.reply(200, ANSWER) : (answers[kind] as FaultScript)(exchange, index),
  );
  const client = new OpenAICompatible({ model: 'm', baseUrl: server.url });
  // Few at a time, so that some are left while they wait for their turn, and some while they wait for a retry.
  const lm = composeLM(client, { resilience: { maxConcurrent: 4, baseDelayMs: 20, breaker: false } });
  const reason = new Error('left');
  const ask = async (leftAfter: number | undefined, n: number) => {
    const controller = new AbortController();
    if (leftAfter === undefined) controller.abort(reason);
    else void wait(leftAfter).then(() => controller.abort(reason));
    // Every third shares its request with others.
    const request = lm.createRequest([{ role: 'user', content: n % 3 === 0 ? 'same' : `question ${n}` }]);
    const scope = n % 2 === 0 ? {} : listener();
    return lm.generate(request, { ...scope, signal: controller.signal }).then(
      () => 'answered',
      (error: unknown) => (error === reason ? 'left' : (error as { code?: string }).code),
    );
  };
  const ends = await Promise.all([...LEFT_AFTER, ...LEFT_AFTER, ...LEFT_AFTER].map(ask));
  for (const end of ends) expect(['left', 'answered', 'LM_SERVER']).toContain(end);
  expect(ends).toContain('left');
  await expect.poll(() => lm.stats()).toMatchObject({ inFlight: 0, queued: 0 });
  mended = true;
  // Every permit is there again.
  const after = await Promise.all(
    [1, 2, 3, 4, 5].map((n) => lm.generate(lm.createRequest([{ role: 'user', content: `after ${n}` }]))),
  );
  expect(after.map(({ completions }) => completions[0]?.text)).toEqual(Array(5).fill('yes'));
  await lm.close();
  await expect.poll(() => server.open).toBe(0);
});
