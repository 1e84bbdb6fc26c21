import { LMContentFilterError } from '../../../src/core/errors/lm-errors';
import { anthropic, chat, openai, type Wording } from './wording';

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
