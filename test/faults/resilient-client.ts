import { inspect } from 'node:util';
import { OpenAICompatible, type ResilienceOptions, type ResilientLM, resilient } from 'dspex/clients';
import { type FaultExchange, type FaultServer, startFaultServer } from 'dspex/testing';
import { expect } from 'vitest';
import { LMError } from '../../src/core/errors/lm-errors';
import type { CallScope, LM } from '../../src/core/ports/lm';
import type { RowContext } from './matrix/fault-row';

const SECRET = 'sk-canary-5f1d7c93b2';

/** What a server does with one request: a status and headers, or a text to answer with, or anything by script. */
export type Step =
  | string
  | number
  | readonly [number, Readonly<Record<string, string>>]
  | ((exchange: FaultExchange) => unknown);

/** A server that goes through these steps, the last one repeating, and a client that hardly waits between attempts. */
export async function setUp(
  { use }: RowContext,
  steps: readonly Step[],
  options: ResilienceOptions = {},
): Promise<{ server: FaultServer; lm: ResilientLM }> {
  const server = use(
    await startFaultServer(async (exchange, index) => {
      const step = steps[Math.min(index, steps.length - 1)] as Step;
      if (typeof step === 'function') await step(exchange);
      else if (typeof step === 'string') await exchange.reply(200, answer(step));
      else await fail(exchange, ...(typeof step === 'number' ? ([step, {}] as const) : step));
    }),
  );
  const client = new OpenAICompatible({ model: 'm', baseUrl: server.url, apiKey: SECRET });
  return { server, lm: use(resilient(client, { baseDelayMs: 1, ...options })) };
}

/** The body of an answer with that text. */
export const answer = (content: string) => ({
  id: 'a',
  model: 'm',
  choices: [{ message: { content }, finish_reason: 'stop' }],
});

/** A refusal whose body repeats the key, as careless servers do. */
async function fail(exchange: FaultExchange, status: number, headers: Readonly<Record<string, string>>): Promise<void> {
  await exchange.reply(
    status,
    { error: { message: `status ${status} for ${exchange.request.headers.authorization}` } },
    headers,
  );
}

export const ask = (lm: LM, scope: CallScope = {}) =>
  lm.generate(lm.createRequest([{ role: 'user', content: 'q' }]), scope);

export const textOf = async (lm: LM, scope: CallScope = {}) => (await ask(lm, scope)).completions[0]?.text;

/** The typed error of a call that must fail; nothing of it may show the key. */
export async function failureOf(call: Promise<unknown>): Promise<LMError> {
  const error = await call.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(LMError);
  expect(inspect(error, { depth: 20, showHidden: true }) + JSON.stringify(error)).not.toContain(SECRET);
  return error as LMError;
}

/** Resolves after so many milliseconds of real time. */
export const pass = (ms: number) => new Promise<void>((resolve) => void setTimeout(resolve, ms));

/** Counts requests that are open at the server at one moment. */
export function gauge() {
  let open = 0;
  const peaks: number[] = [];
  return {
    peaks,
    async hold(ms: number): Promise<void> {
      open += 1;
      peaks.push(open);
      await pass(ms);
      open -= 1;
    },
  };
}
