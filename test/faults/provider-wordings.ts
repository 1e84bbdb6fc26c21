import { ModelNotFoundError, RequestTooLargeError } from '../../src/core/errors/clients/request-errors';
import type { LMError } from '../../src/core/errors/lm-errors';
import {
  ContextWindowExceededError,
  LMAuthError,
  LMContentFilterError,
  LMInvalidRequestError,
  LMQuotaError,
  LMRateLimitError,
} from '../../src/core/errors/lm-errors';

/** A client that a wording is sent to. */
export type Speaks = 'chat' | 'responses' | 'anthropic' | 'gemini';

/** What a provider answers, and which error it is. */
export interface Wording {
  readonly who: string;
  readonly speaks: Speaks;
  readonly status: number;
  readonly body: unknown;
  readonly is: abstract new (...args: never[]) => LMError;
}

const openai = (message: string, code: string | null = null, type = 'invalid_request_error') => ({
  error: { message, type, param: null, code },
});
const anthropic = (type: string, message: string, more: object = {}) => ({
  type: 'error',
  error: { type, message, ...more },
});
const gemini = (code: number, status: string, message: string, details: object[] = []) => ({
  error: { code, status, message, details },
});
const chat = (who: string, status: number, body: unknown, is: Wording['is']): Wording => ({
  who,
  speaks: 'chat',
  status,
  body,
  is,
});

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

/** No money or no quota left. */
export const QUOTA: readonly Wording[] = [
  chat(
    'OpenAI',
    429,
    openai(
      'You exceeded your current quota, please check your plan and billing details.',
      'insufficient_quota',
      'insufficient_quota',
    ),
    LMQuotaError,
  ),
  ...[
    'credit_balance_exhausted',
    'organization_spend_limit_exceeded',
    'project_spend_limit_exceeded',
    'organization_usage_limit_exceeded',
  ].map((code) => chat(`OpenAI, ${code}`, 429, openai('no', code), LMQuotaError)),
  chat('OpenRouter', 402, { error: { code: 402, message: 'Insufficient credits. Add more credits.' } }, LMQuotaError),
  chat(
    'OpenRouter, limit of a key',
    403,
    { error: { code: 403, message: 'Key limit exceeded (total limit).' } },
    LMQuotaError,
  ),
  chat('DeepSeek', 402, openai('Insufficient Balance', 'invalid_request_error'), LMQuotaError),
  chat('Together', 402, openai('Credit limit exceeded', 'credit_limit'), LMQuotaError),
  chat(
    'Fireworks',
    412,
    {
      error: {
        message: 'Account is suspended, possibly due to reaching the monthly spending limit.',
        code: 'PRECONDITION_FAILED',
      },
    },
    LMQuotaError,
  ),
  chat(
    'xAI',
    403,
    {
      code: 'The caller does not have permission',
      error: 'Your team has either used all available credits or reached its monthly spending limit.',
    },
    LMQuotaError,
  ),
  {
    who: 'Anthropic, spend limit',
    speaks: 'anthropic',
    status: 429,
    body: anthropic('rate_limit_error', 'no', { details: { error_code: 'enforced_spend_limit_reached' } }),
    is: LMQuotaError,
  },
  {
    who: 'Anthropic, credit',
    speaks: 'anthropic',
    status: 400,
    body: anthropic('invalid_request_error', 'Your credit balance is too low to access the Anthropic API.'),
    is: LMQuotaError,
  },
  {
    who: 'Anthropic, billing',
    speaks: 'anthropic',
    status: 402,
    body: anthropic('billing_error', 'no'),
    is: LMQuotaError,
  },
  {
    who: 'Gemini, payment',
    speaks: 'gemini',
    status: 402,
    body: gemini(402, 'FAILED_PRECONDITION', 'no'),
    is: LMQuotaError,
  },
  {
    who: 'Gemini, quota of a day',
    speaks: 'gemini',
    status: 429,
    body: gemini(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
      { violations: [{ quotaId: 'GenerateRequestsPerDayPerProjectPerModel' }] },
    ]),
    is: LMQuotaError,
  },
];

/** A prompt or an answer that a filter does not let through. */
export const SAFETY: readonly Wording[] = [
  chat(
    'OpenAI',
    400,
    openai('Your request was rejected as a result of our safety system.', 'content_policy_violation'),
    LMContentFilterError,
  ),
  chat(
    'OpenAI, reasoning',
    400,
    openai('Invalid prompt: your prompt was flagged as potentially violating our usage policy.', 'invalid_prompt'),
    LMContentFilterError,
  ),
  chat(
    'Azure',
    400,
    openai(
      "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      'content_filter',
    ),
    LMContentFilterError,
  ),
  chat(
    'OpenRouter',
    403,
    { error: { code: 403, message: 'Your chosen model requires moderation and your input was flagged.' } },
    LMContentFilterError,
  ),
  chat('DeepSeek', 400, openai('Content Exists Risk', 'invalid_request_error'), LMContentFilterError),
  chat(
    'xAI',
    403,
    { code: 'forbidden', error: 'Content violates usage guidelines. Failed check: SAFETY_CHECK_TYPE_BIO' },
    LMContentFilterError,
  ),
  {
    who: 'Anthropic',
    speaks: 'anthropic',
    status: 400,
    body: anthropic('invalid_request_error', 'Output blocked by content filtering policy'),
    is: LMContentFilterError,
  },
  {
    who: 'Gemini',
    speaks: 'gemini',
    status: 200,
    body: { promptFeedback: { blockReason: 'PROHIBITED_CONTENT' } },
    is: LMContentFilterError,
  },
];

/** Wordings that are near to those above and mean something else. */
export const OTHERS: readonly Wording[] = [
  chat(
    'OpenAI, answer too long',
    400,
    openai('max_tokens is too large: 99999. This model supports at most 16384 completion tokens.', 'invalid_value'),
    LMInvalidRequestError,
  ),
  chat(
    'Groq, answer too long',
    400,
    openai(
      '`max_tokens` must be less than or equal to `8192`, the maximum value for `max_tokens` is less than the `context_window` for this model',
    ),
    LMInvalidRequestError,
  ),
  {
    who: 'Anthropic, answer too long',
    speaks: 'anthropic',
    status: 400,
    body: anthropic(
      'invalid_request_error',
      'max_tokens: 99999 > 64000, which is the maximum allowed number of output tokens',
    ),
    is: LMInvalidRequestError,
  },
  chat(
    'Groq, tokens a minute',
    413,
    openai(
      'Request too large for model in organization on tokens per minute (TPM): Limit 6000, Requested 9000',
      'rate_limit_exceeded',
      'tokens',
    ),
    RequestTooLargeError,
  ),
  chat(
    'OpenAI, tokens a minute',
    429,
    openai(
      'Rate limit reached for gpt-x on tokens per min (TPM): Limit 30000, Used 29000.',
      'rate_limit_exceeded',
      'tokens',
    ),
    LMRateLimitError,
  ),
  {
    who: 'Gemini, quota of a minute',
    speaks: 'gemini',
    status: 429,
    body: gemini(429, 'RESOURCE_EXHAUSTED', 'You exceeded your current quota.', [
      { violations: [{ quotaId: 'GenerateRequestsPerMinutePerProjectPerModel' }] },
    ]),
    is: LMRateLimitError,
  },
  {
    who: 'Gemini, wrong key',
    speaks: 'gemini',
    status: 400,
    body: gemini(400, 'INVALID_ARGUMENT', 'API key not valid.', [{ reason: 'API_KEY_INVALID' }]),
    is: LMAuthError,
  },
  chat(
    'OpenAI, no such model',
    404,
    openai('The model `gpt-9` does not exist or you do not have access to it.', 'model_not_found'),
    ModelNotFoundError,
  ),
  chat('DeepSeek, no such model', 400, openai('Model Not Exist'), ModelNotFoundError),
  chat(
    'Ollama, no such model',
    404,
    { error: { message: 'model "x" not found, try pulling it first', type: 'api_error' } },
    ModelNotFoundError,
  ),
  chat(
    'OpenRouter, no such model',
    400,
    { error: { code: 400, message: 'acme/x is not a valid model ID' } },
    ModelNotFoundError,
  ),
  chat(
    'Azure, no such deployment',
    404,
    openai('The API deployment for this resource does not exist.', 'DeploymentNotFound'),
    ModelNotFoundError,
  ),
  {
    who: 'Anthropic, no such model',
    speaks: 'anthropic',
    status: 404,
    body: anthropic('not_found_error', 'model: claude-9'),
    is: ModelNotFoundError,
  },
  {
    who: 'Gemini, no such model',
    speaks: 'gemini',
    status: 404,
    body: gemini(404, 'NOT_FOUND', 'models/gemini-9.9-pro is not found for API version v1beta'),
    is: ModelNotFoundError,
  },
  chat('a wrong path', 404, 'page not found', LMInvalidRequestError),
];
