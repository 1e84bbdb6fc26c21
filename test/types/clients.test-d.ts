import { lm } from 'dspex';
import type { AnthropicOptions, AzureOpenAIOptions, LMByNameOptions, LMOptionsFor } from 'dspex/clients';
import { expectTypeOf, test } from 'vitest';

test('lm(name) takes the options of the provider that the name begins with', () => {
  lm('anthropic/claude-opus-4-8', { betas: ['a'], anthropicVersion: '2023-06-01', cache: false });
  lm('azure/my-deployment', { apiVersion: '2024-10-21', baseUrl: 'https://a.openai.azure.com' });
  lm('openai/gpt-5', { api: 'responses', organization: 'o' });
  lm('openai/gpt-5', { maxTokensField: 'max_tokens' });
  lm('openai-responses/gpt-5', { project: 'p' });
  lm('ollama/qwen3', { unsupported: ['n'], streamUsage: false });
  lm('gemini/gemini-2.5-pro', { apiKey: 'k' });

  // @ts-expect-error Anthropic knows no organization
  lm('anthropic/claude-opus-4-8', { organization: 'o' });
  // @ts-expect-error only OpenAI has a second protocol
  lm('groq/llama-3.3-70b-versatile', { api: 'responses' });
  // @ts-expect-error the responses have no such member
  lm('openai/gpt-5', { api: 'responses', maxTokensField: 'max_tokens' });
  // @ts-expect-error there is no such protocol
  lm('openai/gpt-5', { api: 'telepathy' });
  // @ts-expect-error Gemini has no dated protocol
  lm('gemini/gemini-2.5-pro', { apiVersion: '2024-10-21' });
  // @ts-expect-error the model is in the name
  lm('anthropic/claude-opus-4-8', { model: 'm' });
  // @ts-expect-error misspelled
  lm('openai/gpt-5', { temperatur: 1 });
});

test('a name that is known only at run time takes the options of any provider', () => {
  const name: string = 'anthropic/claude-opus-4-8';
  lm(name, { betas: ['a'] });
  lm(name, { apiVersion: '2024-10-21' });
  lm(name);
  expectTypeOf<LMOptionsFor<string>>().toEqualTypeOf<LMByNameOptions>();
  expectTypeOf<LMOptionsFor<'anthropic/x'>>().toHaveProperty('betas').toEqualTypeOf<AnthropicOptions['betas']>();
  expectTypeOf<LMOptionsFor<'azure/x'>>()
    .toHaveProperty('apiVersion')
    .toEqualTypeOf<AzureOpenAIOptions['apiVersion']>();
  expectTypeOf<LMOptionsFor<'mistral/x'>>().not.toHaveProperty('betas');
});
