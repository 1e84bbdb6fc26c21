import { composeLM, OpenAICompatible } from 'dspex/clients';
import type { FaultScript } from 'dspex/testing';
import { expect } from 'vitest';
import { LMServerError } from '../../../../src/core/errors/lm-errors';
import type { LM } from '../../../../src/core/ports/lm';
import { ANSWER, ask, failureOf, serverOf } from '../../calls';
import { faultRow, type RowContext } from '../../matrix/fault-row';

const CALLERS = 1_000;
const KEY = 'sk-canary-41-stampede';

async function setUp(context: RowContext, script: FaultScript) {
  const server = await serverOf(context, script);
  const client = new OpenAICompatible({ model: 'm', baseUrl: server.url, apiKey: KEY });
  return { server, lm: context.use(composeLM(client, { resilience: { attempts: 1 } })) };
}

const all = (lm: LM) => Array.from({ length: CALLERS }, () => ask(lm));

faultRow(41, 'a thousand equal calls at once', async (context) => {
  const { server, lm } = await setUp(context, async ({ pause, reply }) => {
    await pause(20);
    await reply(200, ANSWER);
  });
  const answers = await Promise.all(all(lm));
  expect(answers.every(({ completions }) => completions === answers[0]?.completions)).toBe(true);
  const calls = answers.reduce((sum, { usage }) => sum + usage.calls, 0);
  expect(calls).toBe(1);
  expect(server.requests).toHaveLength(1);
  expect(lm.stats()).toMatchObject({ requests: 1, shared: CALLERS - 1, inFlight: 0, queued: 0 });
  return { happened: '1 request, and its answer for all', attempts: '1 for 1,000 callers' };
});

faultRow(41, 'a thousand equal calls whose request fails', async (context) => {
  const { server, lm } = await setUp(context, async ({ pause, reply }, index) => {
    await pause(20);
    if (index === 0) await reply(500, { error: { message: `failed for ${KEY}` } });
    else await reply(200, ANSWER);
  });
  const errors = await Promise.all(all(lm).map(failureOf));
  for (const error of errors) expect(error).toBeInstanceOf(LMServerError);
  expect(errors[0]).toMatchObject({ attempts: 1, status: 500 });
  expect(JSON.stringify(errors[0]) + errors[0]?.stack).not.toContain(KEY);
  expect(server.requests).toHaveLength(1);
  expect(await ask(lm)).toMatchObject({ cached: false, attempts: 1 });
  expect(server.requests).toHaveLength(2);
  return { happened: 'its failure was that of all, and was not remembered', attempts: '1 for 1,000 callers' };
});

faultRow(41, 'a thousand equal calls, every other one given up', async (context) => {
  const { server, lm } = await setUp(context, async ({ pause, reply }) => {
    await pause(40);
    await reply(200, ANSWER);
  });
  const controller = new AbortController();
  const signal = context.watchSignal(controller.signal);
  const calls = Array.from({ length: CALLERS }, (_, index) => ask(lm, index % 2 === 0 ? { signal } : {}));
  const settled = Promise.allSettled(calls);
  await expect.poll(() => server.requests.length, { interval: 1 }).toBe(1);
  const reason = new Error('had enough');
  controller.abort(reason);
  for (const [index, outcome] of (await settled).entries()) {
    if (index % 2 === 0) expect(outcome).toEqual({ status: 'rejected', reason });
    else expect(outcome.status).toBe('fulfilled');
  }
  expect(server.requests).toHaveLength(1);
  return { happened: '500 left with their reason, 500 got the answer', attempts: '1 for 1,000 callers' };
});
