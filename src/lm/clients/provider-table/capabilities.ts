import type { LMCapabilities } from '../../../core/ports/lm';
import { claudeModel } from '../anthropic/claude-models';
import { isReasoningModel } from '../openai/reasoning-models';

/** What is known of a model: a member that is absent is unknown, and nothing is refused for it. */
export type KnownCapabilities = Partial<LMCapabilities>;

type Row = readonly [models: RegExp, known: KnownCapabilities];

const CHAT = { jsonMode: true, functionCalling: true } as const;
const SCHEMA = { ...CHAT, jsonSchema: true } as const;
const ALL = /^/u;

/** A server of one's own: what it can do with tools, images and thoughts is the business of the model it was given. */
const OWN_SERVER: readonly Row[] = [[ALL, { jsonMode: true, jsonSchema: true }]];

/**
 * What models can do, by provider; of the rows that match, a later one counts more. As of November 2026, from the providers' own
 * pages as far as they are remembered, and without asking the servers. The option `capabilities` overrides it.
 */
const TABLE: Readonly<Record<string, readonly Row[]>> = {
  openai: [
    [ALL, { ...SCHEMA, streaming: true, logprobs: true, audio: false }],
    [/^gpt-(4o|4\.1|4-turbo|5)|^o1|^o3|^o4|^chatgpt-4o/u, { images: true }],
    [/^gpt-3\.5|^gpt-4(-0\d{3}|-32k.*)?$|^o1-(mini|preview)|^o3-mini/u, { images: false }],
    // JSON schemas came in August 2024, JSON mode in November 2023.
    [/^(gpt-3\.5|gpt-4(-turbo|-\d{4}|-32k)?(-|$)|gpt-4o-2024-05-13)/u, { jsonSchema: false }],
    [/^gpt-4(-32k)?(-0314|-0613)?$/u, { jsonMode: false }],
    [/^gpt-3\.5-turbo(?!-16k)|^gpt-4-turbo|^gpt-4o-2024-05-13/u, { maxOutputTokens: 4_096 }],
    [/^gpt-4o(-mini)?(-2024-0[78]-\d\d|-2024-11-20)?$/u, { maxOutputTokens: 16_384 }],
    [/^gpt-4\.1/u, { maxOutputTokens: 32_768 }],
    [/^(o1|o3|o4-mini)(-|$)/u, { maxOutputTokens: 100_000 }],
    [/^o1-mini/u, { maxOutputTokens: 65_536, functionCalling: false }],
    [/^o1-preview/u, { maxOutputTokens: 32_768, functionCalling: false }],
    [/^gpt-5(-mini|-nano|\.\d)?(-\d{4}-|$)/u, { maxOutputTokens: 128_000 }],
    [/-chat-latest|^chatgpt-4o/u, { functionCalling: false }],
    [/audio/u, { audio: true, images: false, jsonSchema: false, jsonMode: false }],
  ],
  deepseek: [
    [ALL, { ...CHAT, jsonSchema: false, images: false, audio: false, streaming: true }],
    [/reasoner/u, { reasoning: true, logprobs: false }],
  ],
  mistral: [
    [ALL, { ...SCHEMA, audio: false, logprobs: false, streaming: true }],
    [/voxtral/u, { audio: true }],
    [/pixtral|^mistral-(medium|small)-(latest|25|26)/u, { images: true }],
  ],
  groq: [
    [ALL, { ...CHAT, logprobs: false, audio: false, streaming: true }],
    [/gpt-oss|kimi-k2|llama-4/u, { jsonSchema: true }],
    [/gpt-oss|qwen3/u, { reasoning: true }],
    [/gpt-oss|qwen3|llama-3\.[13]/u, { images: false }],
    [/^llama-3\.[13]-/u, { reasoning: false }],
  ],
  fireworks: [[ALL, { jsonMode: true, jsonSchema: true, streaming: true }]],
  xai: [
    [ALL, { ...SCHEMA, audio: false, streaming: true }],
    // It thinks, and takes no word on how long.
    [/^grok-4(-0709)?$/u, { reasoning: false }],
    [/^grok-3-mini/u, { reasoning: true, images: false }],
    [/^grok-3(-fast)?$/u, { reasoning: false, images: false }],
  ],
  cerebras: [
    [ALL, { ...SCHEMA, images: false, audio: false, streaming: true }],
    [/gpt-oss/u, { reasoning: true }],
  ],
  gemini: [
    [/^gemini-/u, { ...SCHEMA, images: true, audio: true, streaming: true }],
    [/^gemini-(1\.5|2\.0)/u, { reasoning: false, maxOutputTokens: 8_192 }],
    [/^gemini-2\.5-(pro|flash|flash-lite)(-\d|-preview-\d|$)/u, { reasoning: true, maxOutputTokens: 65_536 }],
    [/^gemini-([3-9]|\d\d)/u, { reasoning: true }],
    [/^gemini-3[-.](pro|flash)/u, { maxOutputTokens: 65_536 }],
    [/^gemma-/u, { functionCalling: false, jsonMode: false, jsonSchema: false, reasoning: false, audio: false }],
  ],
  ollama: OWN_SERVER,
  vllm: OWN_SERVER,
  llamacpp: OWN_SERVER,
  // It answers 400 to JSON mode without a schema.
  lmstudio: [[ALL, { jsonSchema: true }]],
};

/** What is known of a model of a provider; nothing of a server that is not in the table. */
export function knownCapabilities(provider: string | undefined, model: string): KnownCapabilities {
  if (provider === 'anthropic') return ofClaude(model);
  const openai = provider === 'openai' || (provider === 'azure' && /^(gpt-|o\d)/u.test(model));
  const rows = openai
    ? TABLE['openai']
    : provider !== undefined && Object.hasOwn(TABLE, provider)
      ? TABLE[provider]
      : [];
  const known: KnownCapabilities = Object.assign(
    {},
    ...(rows ?? []).filter(([models]) => models.test(model)).map(([, row]) => row),
  );
  return { ...known, ...ofReasoning(model, openai) };
}

/** OpenAI's reasoning models are known by name, whoever serves them. */
function ofReasoning(model: string, openai: boolean): KnownCapabilities {
  if (!isReasoningModel(model)) return openai ? { reasoning: false } : {};
  // From 5.1 on they may be asked not to think, and then sample like the others.
  if (/gpt-5\.\d/u.test(model)) return openai ? { reasoning: true, logprobs: undefined } : {};
  return { temperature: false, ...(openai ? { reasoning: true, logprobs: false } : {}) };
}

function ofClaude(model: string): KnownCapabilities {
  if (!model.includes('claude')) return {};
  const { thinking, sampling, jsonSchema, maxOutputTokens } = claudeModel(model);
  return {
    jsonMode: false,
    ...(jsonSchema === undefined ? {} : { jsonSchema }),
    functionCalling: !/claude-(2|instant)/u.test(model),
    reasoning: thinking !== 'none',
    images: !/claude-(2|instant)/u.test(model),
    audio: false,
    logprobs: false,
    streaming: true,
    citations: !/claude-(2|instant)|claude-3-(opus|sonnet|haiku)/u.test(model),
    ...(sampling ? {} : { temperature: false }),
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
  };
}
