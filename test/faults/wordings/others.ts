import { ModelNotFoundError, RequestTooLargeError } from '../../../src/core/errors/clients/request-errors';
import { LMAuthError, LMInvalidRequestError, LMRateLimitError } from '../../../src/core/errors/lm-errors';
import { anthropic, chat, gemini, openai, type Wording } from './wording';

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
