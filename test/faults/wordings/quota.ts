import { LMQuotaError } from '../../../src/core/errors/lm-errors';
import { anthropic, chat, gemini, openai, type Wording } from './wording';

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
