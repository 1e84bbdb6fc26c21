import type { LMOptions, LMRequest } from '../../../../src/core/primitives/lm-request';
import type { Message } from '../../../../src/core/primitives/message';
import { redactorOf } from '../../../../src/lm/clients/redact';
import type { Exchange, WireFormat } from '../../../../src/lm/clients/wire/wire-format';

/** The key that no error may show. */
export const CANARY = 'canary-key-0123456789';

export const QUESTION: readonly Message[] = [{ role: 'user', content: 'q' }];

export function request(model: string, options: LMOptions = {}, messages: readonly Message[] = QUESTION): LMRequest {
  return { endpoint: 'http://127.0.0.1', model, messages, options };
}

export function exchange(status = 200): Exchange {
  return { status, about: { model: 'm', endpoint: 'http://127.0.0.1' }, redact: redactorOf([CANARY]) };
}

/** The body of a request, read back. */
export function sent(format: WireFormat, asked: LMRequest, streaming = false): Record<string, unknown> {
  return JSON.parse(format.body(asked, streaming)) as Record<string, unknown>;
}

/** Feeds a stream; gives the pieces it told and what stands at the end. */
export function streamed(format: WireFormat, events: readonly unknown[]) {
  const stream = format.stream(exchange());
  const deltas = events.flatMap((data) =>
    stream.read({ event: 'message', id: '', data: typeof data === 'string' ? data : JSON.stringify(data) }),
  );
  return { stream, deltas, end: () => stream.end() };
}
