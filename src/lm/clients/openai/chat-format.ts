import type { WireFormat } from '../wire/wire-format';
import { chatCompletionsBody, type MaxTokensField } from './chat-request';
import { failureOf, readChatCompletion } from './chat-response';
import { ChatStream } from './chat-stream';

/** What differs between servers that speak OpenAI's chat completions. */
export interface ChatQuirks {
  /** How the length of the answer is bounded on the wire; default by the model's name. */
  readonly maxTokensField?: MaxTokensField | undefined;
  /** Whether a streamed request asks for its usage (`stream_options`), which a few servers refuse; default true. */
  readonly streamUsage?: boolean | undefined;
}

/** OpenAI's chat completions, and every server that speaks them. */
export function chatFormat({ maxTokensField, streamUsage }: ChatQuirks = {}): WireFormat {
  return {
    name: 'openai-chat',
    path: () => '/chat/completions',
    headers: (key): Record<string, string> => (key === undefined ? {} : { authorization: `Bearer ${key}` }),
    body: (request, streaming) => chatCompletionsBody(request, { maxTokensField, streamUsage, streaming }),
    read: readChatCompletion,
    failure: failureOf,
    stream: (exchange) => new ChatStream(exchange),
  };
}
