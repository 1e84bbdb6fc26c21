import { composeLM, OpenAICompatible } from 'dspex/clients';
import { rateLimited, startFaultServer } from 'dspex/testing';
import { expect, test } from 'vitest';
import { ANSWER } from '../../faults/calls';

test('a server that takes 40 requests a second says 429 to none of 100 calls', async () => {
  const statuses: number[] = [];
  const script = rateLimited(40, ({ reply }) => reply(200, ANSWER));
  await using server = await startFaultServer((exchange, index) =>
    script(
      {
        ...exchange,
        reply: (status, ...rest) => {
          statuses.push(status);
          return exchange.reply(status, ...rest);
        },
      },
      index,
    ),
  );
  const client = new OpenAICompatible({ model: 'm', baseUrl: server.url });
  await using lm = composeLM(client, { resilience: { requestsPerMinute: 40 * 60 } });
  const answers = await Promise.all(
    Array.from({ length: 100 }, (_, count) =>
      lm.generate(lm.createRequest([{ role: 'user', content: `question ${count}` }])),
    ),
  );
  expect(answers.every(({ attempts }) => attempts === 1)).toBe(true);
  expect(statuses).toEqual(Array.from({ length: 100 }, () => 200));
});
