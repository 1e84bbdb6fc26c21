import { type LMCapabilities, NO_CAPABILITIES } from '../../core/ports/lm';
import type { Endpoint } from './endpoint';
import { isReasoningModel } from './openai/reasoning-models';

/**
 * What hosts are taken to accept for every current model, as of November 2026 and without asking them; whatever is not
 * listed counts as unable. The option `capabilities` overrides it.
 */
const BY_HOST: Readonly<Record<string, Partial<LMCapabilities>>> = {
  'api.openai.com': { jsonMode: true, jsonSchema: true, functionCalling: true },
  'api.deepseek.com': { jsonMode: true, functionCalling: true },
  'api.mistral.ai': { jsonMode: true, functionCalling: true },
};

/** OpenAI models from before JSON schemas (August 2024). */
const WITHOUT_SCHEMA = /^(gpt-3\.5|gpt-4(-turbo|-\d{4}|-32k)?(-|$)|gpt-4o-2024-05-13)/u;
/** And from before JSON mode (November 2023). */
const WITHOUT_JSON = /^gpt-4(-32k)?(-0314|-0613)?$/u;

/** What a model is known to be able to do; everything unknown is false, and the option `capabilities` overrides it. */
export function capabilitiesOf({ origin, isOpenAI }: Endpoint, model: string): LMCapabilities {
  const known = { ...NO_CAPABILITIES, ...BY_HOST[new URL(origin).hostname] };
  if (!isOpenAI) return known;
  return {
    ...known,
    jsonMode: !WITHOUT_JSON.test(model),
    jsonSchema: !WITHOUT_SCHEMA.test(model),
    reasoning: isReasoningModel(model),
  };
}
