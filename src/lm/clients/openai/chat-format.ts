import { LMInvalidRequestError } from '../../../core/errors/lm-errors';
import type { WireFormat } from '../wire/wire-format';
import { chatCompletionsBody, type MaxTokensField } from './chat-request';
import { failureOf, readChatCompletion } from './chat-response';

/** What differs between servers that speak OpenAI's chat completions. */
export interface ChatQuirks {
  /** How the length of the answer is bounded on the wire; default by the model's name. */
  readonly maxTokensField?: MaxTokensField | undefined;
}

/** OpenAI's chat completions, and every server that speaks them. */
export function chatFormat({ maxTokensField }: ChatQuirks = {}): WireFormat {
  return {
    name: 'openai-chat',
    path: () => '/chat/completions',
    headers: (key): Record<string, string> => (key === undefined ? {} : { authorization: `Bearer ${key}` }),
    body: (request) => chatCompletionsBody(request, maxTokensField),
    read: readChatCompletion,
    failure: failureOf,
    stream: ({ about }) => {
      throw new LMInvalidRequestError('Streaming is not there yet.', about);
    },
  };
}
