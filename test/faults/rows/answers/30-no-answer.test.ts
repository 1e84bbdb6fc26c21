import { context, Evaluate, example, Predict } from 'dspex';
import { Anthropic, composeLM, Gemini, OpenAICompatible, OpenAIResponses } from 'dspex/clients';
import { type FaultServer, startFaultServer } from 'dspex/testing';
import { expect } from 'vitest';
import {
  LMContentFilterError,
  LMEmptyAnswerError,
  type LMError,
  LMInvalidResponseError,
  LMRefusalError,
} from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import type { Speaks } from '../../wordings/wording';

const CLIENTS = { chat: OpenAICompatible, responses: OpenAIResponses, anthropic: Anthropic, gemini: Gemini };
const choice = (content: string | null, finish_reason = 'stop', more: object = {}) => ({
  choices: [{ message: { content, ...more }, finish_reason }],
});
const gemini = (...candidates: object[]) => ({ candidates });
const incomplete = { status: 'incomplete', incomplete_details: { reason: 'content_filter' }, output: [] };
const refused = { status: 'completed', output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'no' }] }] };

/** What came of it, how often it was asked for, and which error it is. */
const ANSWERS: readonly (readonly [speaks: Speaks, what: string, body: object, error: unknown, attempts: number])[] = [
  ['chat', 'empty choices', { choices: [] }, LMInvalidResponseError, 2],
  ['chat', 'null content', choice(null), LMEmptyAnswerError, 1],
  ['chat', 'refusal', choice(null, 'stop', { refusal: 'I cannot' }), LMRefusalError, 1],
  ['chat', 'content filter', choice(null, 'content_filter'), LMContentFilterError, 1],
  ['responses', 'no output', { output: null }, LMInvalidResponseError, 2],
  ['responses', 'empty output', { status: 'completed', output: [] }, LMEmptyAnswerError, 1],
  ['responses', 'refusal', refused, LMRefusalError, 1],
  ['responses', 'content filter', incomplete, LMContentFilterError, 1],
  ['anthropic', 'no content', { type: 'message' }, LMInvalidResponseError, 2],
  ['anthropic', 'empty content', { content: [], stop_reason: 'end_turn' }, LMEmptyAnswerError, 1],
  ['anthropic', 'refusal', { content: [], stop_reason: 'refusal' }, LMRefusalError, 1],
  ['gemini', 'empty candidates', gemini(), LMInvalidResponseError, 2],
  ['gemini', 'no parts', gemini({ finishReason: 'STOP' }), LMEmptyAnswerError, 1],
  ['gemini', 'content filter', gemini({ finishReason: 'SAFETY' }), LMContentFilterError, 1],
  ['gemini', 'blocked prompt', { promptFeedback: { blockReason: 'SAFETY' } }, LMContentFilterError, 1],
];

const resilience = { attempts: 2, baseDelayMs: 1, random: () => 0 };
const clientOf = (speaks: Speaks, server: FaultServer) =>
  composeLM(new CLIENTS[speaks]({ model: 'm', baseUrl: server.url }), { cache: false, resilience });

faultRow(30, 'empty choices, null content, refusal and content filter are errors of their own', async ({ use }) => {
  let body: object = {};
  const server = use(await startFaultServer((exchange) => exchange.reply(200, body)));
  for (const [speaks, what, answer, expected, attempts] of ANSWERS) {
    body = answer;
    const before = server.requests.length;
    const lm = clientOf(speaks, server);
    const call = lm.generate(lm.createRequest([{ role: 'user', content: 'q' }]));
    const error = (await call.catch((caught: unknown) => caught)) as LMError;
    expect(error.constructor, `${speaks}: ${what}`).toBe(expected);
    expect(error.attempts, `${speaks}: ${what}`).toBe(attempts);
    expect(server.requests.length - before, `${speaks}: ${what}`).toBe(attempts);
    await lm.close();
  }
  return {
    happened: `${ANSWERS.length} answers of four protocols, each its own class`,
    attempts: '1; empty choices 2',
  };
});

faultRow(30, 'an evaluation scores them as failures and goes on', async ({ use }) => {
  const right = choice('[[ ## a ## ]]\nyes\n\n[[ ## completed ## ]]');
  const bodies = [choice(null), choice(null, 'stop', { refusal: 'I cannot' }), choice(null, 'content_filter'), right];
  const server = use(await startFaultServer((exchange, index) => exchange.reply(200, bodies[index])));
  const lm = use(clientOf('chat', server));
  const devset = bodies.map((_, n) => example({ q: `question ${n}`, a: 'yes' }).withInputs('q'));
  const evaluate = new Evaluate({ devset, metric: () => 1, concurrency: 1 });
  const result = await context({ lm }, () => evaluate.call(new Predict('q -> a')));
  expect(result).toMatchObject({ n: 4, score: 25, complete: true });
  expect(result.failures.map(({ error }) => (error as LMError).code)).toEqual([
    'LM_EMPTY_ANSWER',
    'LM_REFUSAL',
    'LM_CONTENT_FILTER',
  ]);
  expect(server.requests).toHaveLength(4);
  return { happened: '3 of 4 rows failed with score 0, the run was complete', attempts: 4 };
});
