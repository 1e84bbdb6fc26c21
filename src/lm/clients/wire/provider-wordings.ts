// What providers say about failures, as of November 2026 and written down without asking the servers. Codes are compared in
// lower case. Every wording is searched for in a bounded text, and none of them can take more than linear time.

/** A pattern, or phrases that stand in this order in a text in lower case, one of each list. */
export type Wording = RegExp | readonly (readonly string[])[];

/** True when the text has one of the wordings. */
export function hasWording(text: string, wordings: readonly Wording[]): boolean {
  const lower = text.toLowerCase();
  return wordings.some((wording) => (wording instanceof RegExp ? wording.test(text) : inOrder(lower, wording)));
}

function inOrder(text: string, phrases: readonly (readonly string[])[]): boolean {
  let from = 0;
  for (const alternatives of phrases) {
    const ends = alternatives.flatMap((phrase) => {
      const at = text.indexOf(phrase, from);
      return at === -1 ? [] : [at + phrase.length];
    });
    if (ends.length === 0) return false;
    from = Math.min(...ends);
  }
  return true;
}

/** Money or quota is gone: no rate limit, whatever the status. */
export const QUOTA_CODES: ReadonlySet<string> = new Set([
  'insufficient_quota',
  'insufficient_balance',
  'insufficient_credits',
  'credit_balance_exhausted',
  'credit_limit',
  'billing_error',
  'billing_hard_limit_reached',
  'billing_not_active',
  'organization_spend_limit_exceeded',
  'organization_usage_limit_exceeded',
  'project_spend_limit_exceeded',
  'enforced_spend_limit_reached',
  'quota_exceeded',
]);

/** The same in words, for providers whose code says only that the request was wrong. */
export const QUOTA_WORDINGS: readonly Wording[] = [
  /credit balance is too low/iu, // Anthropic
  /reached your specified (api )?usage limits/iu, // Anthropic
  /insufficient (balance|credits?|funds|quota)/iu, // DeepSeek, OpenRouter, Together
  /used all available credits/iu, // xAI
  /(spend|spending|billing) limit/iu, // Fireworks, xAI, OpenAI
  /key limit exceeded/iu, // OpenRouter
];

export const CONTEXT_CODES: ReadonlySet<string> = new Set([
  'context_length_exceeded',
  'exceed_context_size_error',
  'model_context_window_exceeded',
]);

/** A prompt that is too long, for those without a code of their own. */
export const CONTEXT_WORDINGS: readonly Wording[] = [
  /maximum (context|model|prompt) length/iu, // OpenAI, vLLM, OpenRouter, DeepSeek, xAI, Mistral
  /context (window|length|size|limit)/iu, // llama.cpp, LM Studio, Groq, Ollama, Anthropic
  /(prompt|input) is too long/iu, // Anthropic, Fireworks
  /reduce the length of the (messages|input|prompt)/iu, // OpenAI, Groq
  /input token count .{0,40}exceeds/iu, // Gemini
  /too many tokens/iu, // Mistral
  /too large for model with/iu, // Mistral
  [['input', 'prompt'], ['tokens'], ['exceed', 'must be']], // Together, Fireworks
];

/** A safety filter withheld the answer or turned the prompt away. */
export const SAFETY_CODES: ReadonlySet<string> = new Set([
  'content_filter',
  'content_policy_violation',
  'content_filter_error',
  'responsibleaipolicyviolation',
  'invalid_prompt',
  'safety',
  'prohibited_content',
]);

export const SAFETY_WORDINGS: readonly Wording[] = [
  /content (management|filtering|usage) policy/iu, // Azure, Anthropic
  /rejected as a result of our safety system/iu, // OpenAI
  /flagged as potentially violating/iu, // OpenAI
  /input was flagged/iu, // OpenRouter
  /content violates usage guidelines/iu, // xAI
  /content exists risk/iu, // DeepSeek
];

export const MODEL_CODES: ReadonlySet<string> = new Set([
  'model_not_found',
  'deploymentnotfound',
  'invalid_model',
  'model_not_available',
]);

/** A model that is not there; read only of 400, 403 and 404. */
export const MODEL_WORDINGS: readonly Wording[] = [
  [
    ['model', 'deployment'],
    ['not found', 'not exist', 'is not supported for'],
  ], // Ollama, DeepSeek, xAI, Gemini, vLLM, Azure
  /(no such|unknown|invalid) model/iu, // LM Studio, Mistral
  /not a valid model id/iu, // OpenRouter
  /unable to access (non-serverless )?model/iu, // Together
  /^model: /iu, // Anthropic
];
