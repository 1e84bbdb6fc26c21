import { ChatAdapter, context, Predict } from 'dspex';
import { Anthropic, composeLM, Gemini, OpenAICompatible, OpenAIResponses } from 'dspex/clients';
import { startFaultServer } from 'dspex/testing';
import { expect } from 'vitest';
import { ContextWindowExceededError, type LMError } from '../../../../src/core/errors/lm-errors';
import { faultRow } from '../../matrix/fault-row';
import { CONTEXT } from '../../wordings/context';
import type { Speaks, Wording } from '../../wordings/wording';

const KEY = 'canary-0123456789abcdef';
const CLIENTS = { chat: OpenAICompatible, responses: OpenAIResponses, anthropic: Anthropic, gemini: Gemini };

const clientFor = (speaks: Speaks, baseUrl: string) =>
  composeLM(new CLIENTS[speaks]({ model: 'm', baseUrl, apiKey: KEY }), { cache: false });

faultRow(20, 'a full context window in the words of each provider, through a predictor', async ({ use }) => {
  let wording: Wording | undefined;
  const server = use(
    // A careless gateway repeats the key.
    await startFaultServer((exchange) =>
      exchange.reply(wording?.status ?? 500, wording?.body, { 'x-request-id': `id of ${KEY}` }),
    ),
  );
  const predict = new Predict('question -> answer');
  for (const next of CONTEXT) {
    wording = next;
    const before = server.requests.length;
    const lm = clientFor(next.speaks, server.url);
    // The adapter falls back to JSON when it cannot read an answer: a prompt that is too long it must not send again.
    const call = context({ lm, adapter: new ChatAdapter() }, () => predict.call({ question: 'q' }));
    const error = (await call.catch((caught: unknown) => caught)) as LMError;
    expect(error, next.who).toBeInstanceOf(ContextWindowExceededError);
    expect(error, next.who).toMatchObject({ status: next.status, model: 'm', attempts: 1, retryable: false });
    expect(JSON.stringify([error.message, error.details]), next.who).not.toContain(KEY);
    expect(server.requests.length - before, next.who).toBe(1);
    await lm.close();
  }
  expect(server.scriptErrors).toEqual([]);
  return { happened: `ContextWindowExceededError for ${CONTEXT.length} wordings, no fallback`, attempts: '1 each' };
});
