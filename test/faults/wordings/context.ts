import { ContextWindowExceededError } from '../../../src/core/errors/lm-errors';
import { anthropic, chat, gemini, openai, type Wording } from './wording';

/** A prompt that does not fit, in the words of each provider. */
export const CONTEXT: readonly Wording[] = [
  [
    'OpenAI',
    400,
    openai(
      "This model's maximum context length is 8192 tokens. However, your messages resulted in 9001 tokens.",
      'context_length_exceeded',
    ),
  ],
  [
    'Azure',
    400,
    openai(
      "This model's maximum context length is 8192 tokens, however you requested 9001 tokens.",
      'context_length_exceeded',
    ),
  ],
  [
    'OpenRouter',
    400,
    {
      error: {
        code: 400,
        message: "This endpoint's maximum context length is 8192 tokens. However, you requested about 9001 tokens.",
      },
    },
  ],
  ['Groq', 400, openai('Please reduce the length of the messages or completion.', 'context_length_exceeded')],
  [
    'Together',
    422,
    openai(
      'Input validation error: `inputs` tokens + `max_new_tokens` must be <= 8193. Given: 9001 `inputs` tokens',
      null,
    ),
  ],
  ['Fireworks', 400, openai('The prompt is too long: 9001, model maximum context length: 8191', null)],
  [
    'DeepSeek',
    400,
    openai(
      "This model's maximum context length is 65536 tokens. However, you requested 70000 tokens.",
      'invalid_request_error',
    ),
  ],
  [
    'Mistral',
    400,
    {
      object: 'error',
      message: 'Prompt contains 40000 tokens and 0 draft tokens, too large for model with 32768 maximum context length',
      type: 'invalid_request_invalid_args',
      code: '3051',
    },
  ],
  [
    'xAI',
    400,
    {
      code: 'Client specified an invalid argument',
      error: "This model's maximum prompt length is 131072 but the request contains 140000 tokens.",
    },
  ],
  [
    'Cerebras',
    400,
    {
      message: 'Please reduce the length of the messages or completion. Current length is 9000 while limit is 8192',
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
    },
  ],
  [
    'vLLM',
    400,
    {
      object: 'error',
      message:
        "This model's maximum context length is 4096 tokens. However, you requested 5000 tokens in the messages.",
      type: 'BadRequestError',
      code: 400,
    },
  ],
  [
    'vLLM, newer',
    400,
    {
      error: {
        message: 'The decoder prompt (length 5000) is longer than the maximum model length of 4096.',
        type: 'BadRequestError',
        code: 400,
      },
    },
  ],
  [
    'llama.cpp',
    400,
    {
      error: {
        code: 400,
        message: 'the request exceeds the available context size, try increasing it',
        type: 'exceed_context_size_error',
      },
    },
  ],
  [
    'LM Studio',
    400,
    { error: 'The number of tokens to keep from the initial prompt is greater than the context length.' },
  ],
  ['Ollama', 400, { error: { message: 'the input length exceeds the context length', type: 'invalid_request_error' } }],
]
  .map(([who, status, body]) => chat(who as string, status as number, body, ContextWindowExceededError))
  .concat([
    {
      who: 'OpenAI, responses',
      speaks: 'responses',
      status: 400,
      body: openai('Your input exceeds the context window of this model.', 'context_length_exceeded'),
      is: ContextWindowExceededError,
    },
    {
      who: 'Anthropic',
      speaks: 'anthropic',
      status: 400,
      body: anthropic('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
      is: ContextWindowExceededError,
    },
    {
      who: 'Anthropic, with the answer',
      speaks: 'anthropic',
      status: 400,
      body: anthropic(
        'invalid_request_error',
        'input length and `max_tokens` exceed context limit: 190000 + 20000 > 200000',
      ),
      is: ContextWindowExceededError,
    },
    {
      who: 'Gemini',
      speaks: 'gemini',
      status: 400,
      body: gemini(
        400,
        'INVALID_ARGUMENT',
        'The input token count (1200000) exceeds the maximum number of tokens allowed (1048576).',
      ),
      is: ContextWindowExceededError,
    },
  ]);
