import type { LMErrorDetails } from '../../../core/errors/lm-errors';
import type { LMRequest } from '../../../core/primitives/lm-request';
import { refusal } from '../wire/refuse';
import type { KnownCapabilities } from './capabilities';
import { checkValues } from './check-values';

/**
 * Throws `LMInvalidRequestError`, with 0 attempts, for a request that the model is known not to take: the reason, and what may be done
 * instead. What is not known is not refused. The option `capabilities` of a client says otherwise where the table is wrong.
 */
export function checkRequest(
  { messages, options, model }: LMRequest,
  known: KnownCapabilities,
  about: LMErrorDetails,
): void {
  checkValues(options, about);
  const cannot = (what: string, capability: keyof KnownCapabilities, remedy: string): never => {
    throw refusal(`${model} ${what}. ${remedy} If it can by now, say so: capabilities: { ${capability}: ... }.`, about);
  };
  const { tools = [], responseFormat, reasoningEffort, logprobs, temperature, maxTokens } = options;
  if (known.images === false && hasPart(messages, ['image_url', 'image'])) {
    cannot('reads no images', 'images', 'Ask a model that does, or describe the image in words.');
  }
  if (known.audio === false && hasPart(messages, ['input_audio'])) {
    cannot('reads no audio', 'audio', 'Ask a model that does, or transcribe it first.');
  }
  if (known.functionCalling === false && tools.length > 0) {
    cannot('calls no tools', 'functionCalling', 'Leave tools out: adapters then describe them in the prompt.');
  }
  if (responseFormat?.type === 'json_object' && known.jsonMode === false) {
    const remedy = known.jsonSchema === true ? 'Give a json_schema.' : 'Ask for JSON in the prompt.';
    cannot('has no JSON mode', 'jsonMode', remedy);
  }
  if (responseFormat?.type === 'json_schema' && known.jsonSchema === false) {
    cannot(
      'takes no JSON schema',
      'jsonSchema',
      known.jsonMode === true ? 'Ask for json_object.' : 'Ask for JSON in the prompt.',
    );
  }
  if (
    known.reasoning === false &&
    reasoningEffort !== undefined &&
    reasoningEffort !== null &&
    reasoningEffort !== 'none'
  ) {
    cannot('takes no reasoningEffort', 'reasoning', 'Leave it out, or set it to null.');
  }
  if (known.logprobs === false && logprobs === true) {
    cannot('offers no logprobs', 'logprobs', 'Leave them out, or ask a model that does.');
  }
  if (known.temperature === false && temperature !== undefined && temperature !== 1) {
    cannot(
      `samples at a temperature of its own, not at ${temperature}`,
      'temperature',
      'Leave temperature out, or set it to 1.',
    );
  }
  const { maxOutputTokens } = known;
  if (maxOutputTokens !== undefined && maxTokens !== undefined && maxTokens > maxOutputTokens) {
    const remedy = `Lower maxTokens from ${maxTokens}.`;
    cannot(`answers with at most ${maxOutputTokens} tokens`, 'maxOutputTokens', remedy);
  }
}

function hasPart(messages: LMRequest['messages'], types: readonly string[]): boolean {
  return messages.some(({ content }) => Array.isArray(content) && content.some(({ type }) => types.includes(type)));
}
