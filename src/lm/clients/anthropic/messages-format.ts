import { written } from '../wire/refuse';
import type { WireFormat } from '../wire/wire-format';
import { readMessage } from './messages-answer';
import { messagesFailure } from './messages-failure';
import { messagesBody } from './messages-request';
import { MessagesStream } from './messages-stream';

/** The version of the protocol that is spoken, unless the client says another. */
export const ANTHROPIC_VERSION = '2023-06-01';

/** Anthropic's messages, and servers that speak them. */
export function messagesFormat(version: string = ANTHROPIC_VERSION): WireFormat {
  return {
    name: 'anthropic',
    path: () => '/messages',
    headers: (key): Record<string, string> => ({
      'anthropic-version': version,
      ...(key === undefined ? {} : { 'x-api-key': key }),
    }),
    body: (request, streaming) => written(request, () => messagesBody(request, streaming)),
    read: readMessage,
    failure: messagesFailure,
    stream: (exchange) => new MessagesStream(exchange),
  };
}
