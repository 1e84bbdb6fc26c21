import { OpenAICompatible, type OpenAICompatibleOptions, type ResilienceOptions, resilient } from 'dspex/clients';
import { type FaultExchange, type FaultScript, type FaultServer, startFaultServer } from 'dspex/testing';
import type { LMError } from '../../src/core/errors/lm-errors';
import type { CallScope, LM } from '../../src/core/ports/lm';
import type { LMDelta } from '../../src/core/primitives/lm-delta';
import type { RowContext } from './matrix/fault-row';

/** Asks one short question. */
export const ask = (lm: LM, scope: CallScope = {}) =>
  lm.generate(lm.createRequest([{ role: 'user', content: 'q' }]), scope);

/** The error of a call that must fail. */
export async function failureOf(promise: Promise<unknown>): Promise<LMError> {
  const outcome = await promise.then(
    () => undefined,
    (error: LMError) => error,
  );
  if (outcome === undefined) throw new Error('The call should have failed, and gave an answer.');
  return outcome;
}

/** A client without layers, closed at the end of the row. */
export function bareClient({ use }: RowContext, baseUrl: string, options: Partial<OpenAICompatibleOptions> = {}): LM {
  return use(new OpenAICompatible({ model: 'm', baseUrl, ...options }));
}

/** A client that tries three times and hardly waits in between. */
export function triesThrice(
  { use }: RowContext,
  baseUrl: string,
  options: Partial<OpenAICompatibleOptions> = {},
  resilience: ResilienceOptions = {},
): LM {
  const client = new OpenAICompatible({ model: 'm', baseUrl, ...options });
  return use(resilient(client, { attempts: 3, baseDelayMs: 1, ...resilience }));
}

/** A fault server, closed at the end of the row. */
export async function serverOf({ use }: RowContext, script: FaultScript): Promise<FaultServer> {
  return use(await startFaultServer(script));
}

/** The body of a whole answer. */
export const ANSWER = { id: 'a1', model: 'm', choices: [{ message: { content: 'yes' }, finish_reason: 'stop' }] };

/** An event's data: the next part of the text. */
export const piece = (content: string, more: object = {}) => ({
  id: 'a1',
  choices: [{ index: 0, delta: { content }, finish_reason: null, ...more }],
});

/** Streams these texts as a whole answer. */
export async function streamed(exchange: FaultExchange, texts: readonly string[]): Promise<void> {
  await exchange.stream();
  for (const text of texts) await exchange.event(piece(text));
  await exchange.event(piece('', { finish_reason: 'stop' }));
  await exchange.event('[DONE]');
  await exchange.endChunks();
}

/** A listener that keeps the texts it was told. */
export function listener(): { readonly texts: string[]; readonly onDelta: (delta: LMDelta) => void } {
  const texts: string[] = [];
  return { texts, onDelta: ({ text }) => void (text !== undefined && texts.push(text)) };
}
