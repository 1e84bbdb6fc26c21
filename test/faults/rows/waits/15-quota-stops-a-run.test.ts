import { Budget, BudgetExceededError, context, Evaluate, example, LMQuotaError, Predict } from 'dspex';
import { composeLM, OpenAICompatible } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { expect } from 'vitest';
import { faultRow } from '../../matrix/fault-row';

const devset = Array.from({ length: 40 }, (_, n) => example({ q: `question ${n}`, a: 'yes' }).withInputs('q'));
const metric = () => 1;
const chat = (content: string) => ({
  id: 'x',
  model: 'm',
  choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
  usage: { prompt_tokens: 10, completion_tokens: 5 },
});
const right = chat('[[ ## a ## ]]\nyes\n\n[[ ## completed ## ]]');

faultRow(15, 'an empty account stops an evaluation: no wait, no further request', async ({ use }) => {
  const server = use(
    await startFaultServer((exchange, index) =>
      index < 3
        ? exchange.reply(200, right)
        : exchange.reply(429, { error: { code: 'insufficient_quota', message: 'no money is left' } }),
    ),
  );
  const lm = use(composeLM(new OpenAICompatible({ model: 'm', baseUrl: server.url })));
  const evaluate = new Evaluate({ devset, metric, concurrency: 1, outageWaitMs: 60_000 });
  const result = await context({ lm }, () => evaluate.call(new Predict('q -> a')));
  expect(result).toMatchObject({ n: 3, score: 100, complete: false });
  expect(result.failures).toEqual([]);
  expect(result.unavailable).toHaveLength(37);
  for (const { error } of result.unavailable) expect(error).toBeInstanceOf(LMQuotaError);
  expect(server.requests).toHaveLength(4);
  return {
    happened: '3 rows scored, the fourth met an empty account: 37 rows unavailable, complete: false',
    attempts: server.requests.length,
  };
});

faultRow(15, 'a spent budget ends an evaluation the same way, without a request', async ({ use }) => {
  const server = use(await startFaultServer((exchange) => exchange.reply(200, right)));
  const lm = use(composeLM(new OpenAICompatible({ model: 'm', baseUrl: server.url })));
  const budget = new Budget({ calls: 5 });
  const evaluate = new Evaluate({ devset, metric, concurrency: 8, outageWaitMs: 60_000 });
  const result = await context({ lm, budget }, () => evaluate.call(new Predict('q -> a')));
  expect(result).toMatchObject({ n: 5, score: 100, complete: false });
  for (const { error } of result.unavailable) expect(error).toBeInstanceOf(BudgetExceededError);
  expect(server.requests).toHaveLength(5);
  expect(budget.spent.calls).toBe(5);
  return { happened: '5 rows scored, 35 refused by the budget of 5 calls', attempts: server.requests.length };
});
