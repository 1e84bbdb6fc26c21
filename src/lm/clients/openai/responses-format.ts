import { written } from '../wire/refuse';
import type { WireFormat } from '../wire/wire-format';
import { failureOf } from './chat-response';
import { readResponses } from './responses-answer';
import { responsesBody } from './responses-request';
import { ResponsesStream } from './responses-stream';

/** OpenAI's responses, and servers that speak them. */
export const RESPONSES_FORMAT: WireFormat = {
  name: 'openai-responses',
  path: () => '/responses',
  headers: (key): Record<string, string> => (key === undefined ? {} : { authorization: `Bearer ${key}` }),
  body: (request, streaming) => written(request, () => responsesBody(request, streaming)),
  read: readResponses,
  failure: failureOf,
  stream: (exchange) => new ResponsesStream(exchange),
};
