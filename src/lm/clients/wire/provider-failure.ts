import {
  ContextWindowExceededError,
  LMAuthError,
  type LMError,
  type LMErrorDetails,
  LMInvalidRequestError,
  LMQuotaError,
  LMRateLimitError,
  LMServerError,
  LMTimeoutError,
} from '../../../core/errors/lm-errors';

/** Money or quota is gone: these codes are not rate limits, whatever their status. (OpenAI, Anthropic, Gemini, DeepSeek.) */
const QUOTA_CODES: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'insufficient_balance',
  'credit_balance_exhausted',
  'billing_hard_limit_reached',
  'billing_not_active',
  'organization_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'project_spend_limit_exceeded',
  'enforced_spend_limit_reached',
  'quota_exceeded',
]);

const CONTEXT_CODES: ReadonlySet<string> = new Set(['context_length_exceeded', 'exceed_context_size_error']);

/** How providers say that a prompt is too long, for those without a code of their own. */
const CONTEXT_WORDINGS: readonly RegExp[] = [
  /maximum context length/iu, // OpenAI, vLLM, OpenRouter, DeepSeek
  /context (window|length|size)/iu, // llama.cpp, LM Studio, Groq, Ollama
  /(prompt|input) is too long/iu, // Anthropic, Bedrock
  /reduce the length of the messages/iu, // OpenAI, Groq
  /input token count .{0,40}exceeds/iu, // Gemini
  /too many tokens/iu, // Cohere, Mistral
  /(inputs?|prompt).{0,40}tokens.{0,80}(exceed|must be)/iu, // Together, Fireworks, TGI
];

/** What a provider said about a failure. */
export interface ProviderFailure {
  readonly status: number;
  /** The provider's own code or type. */
  readonly code?: string | undefined;
  /** Its sentence, without secrets. */
  readonly message: string;
}

/** The error class for what a provider answered: codes first, then the status (after DSPy, clients/errors.py). */
export function errorOfFailure({ status, code, message }: ProviderFailure, details: LMErrorDetails): LMError {
  const known: LMErrorDetails = { ...details, status, ...(code === undefined ? {} : { providerCode: code }) };
  const text = `The provider answered ${status}${code === undefined ? '' : ` (${code})`}: ${message}`;
  if (status === 402 || (code !== undefined && QUOTA_CODES.has(code))) return new LMQuotaError(text, known);
  if (isContextFailure(status, code, message)) return new ContextWindowExceededError(text, known);
  if (status === 401 || status === 403) return new LMAuthError(text, known);
  if (status === 429) return new LMRateLimitError(text, known);
  if (status === 408 || status === 504) return new LMTimeoutError(text, known);
  // A conflict may be gone a moment later.
  if (status === 409) return new LMInvalidRequestError(text, { ...known, shouldRetry: known.shouldRetry ?? true });
  if (status >= 500) return new LMServerError(text, known);
  return new LMInvalidRequestError(text, known);
}

function isContextFailure(status: number, code: string | undefined, message: string): boolean {
  if (code !== undefined && CONTEXT_CODES.has(code)) return true;
  return [400, 413, 422].includes(status) && CONTEXT_WORDINGS.some((wording) => wording.test(message));
}
