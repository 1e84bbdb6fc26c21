import { type LMErrorDetails, LMInvalidRequestError } from '../../../core/errors/lm-errors';
import type { LMOptions, LMRequest } from '../../../core/primitives/lm-request';
import { providerAt } from '../provider-table/providers';

/** The error of a request that was not sent, because it could only fail. */
export function refusal(message: string, about: LMErrorDetails = {}): LMInvalidRequestError {
  return unsent(new LMInvalidRequestError(`${message} No request was sent.`, about));
}

/** Marks an error of a request that was never sent. */
export function unsent<E extends LMInvalidRequestError>(error: E): E {
  error.attempts = 0;
  return error;
}

/** Who would have been asked, for errors of requests that are not sent. */
export function aboutRequest({ endpoint, model }: LMRequest): LMErrorDetails {
  if (!URL.canParse(endpoint)) return { model, endpoint };
  const { origin, host } = new URL(endpoint);
  return { provider: providerAt(origin) ?? host, model, endpoint };
}

/** Writes a body; what is refused on the way tells who would have been asked. */
export function written(request: LMRequest, write: () => string): string {
  try {
    return write();
  } catch (error) {
    if (!(error instanceof LMInvalidRequestError) || error.details.model !== undefined) throw error;
    throw unsent(new LMInvalidRequestError(error.message, aboutRequest(request)));
  }
}

/** What may be done instead, for options that a provider often lacks. */
const REMEDIES: Partial<Record<keyof LMOptions, string>> = {
  n: 'Ask several times, each with a rolloutId of its own.',
  responseFormat: 'Leave responseFormat out: adapters then ask for the form in the prompt.',
  reasoningEffort: 'Leave reasoningEffort out, or set it to null.',
  logprobs: 'Leave logprobs out, or ask a model that offers them.',
  tools: 'Leave tools out: adapters then describe them in the prompt.',
};

/**
 * Throws `LMInvalidRequestError` for the first of these options that the request sets to anything but what it would be
 * without it. An option is refused, never silently left out: the answer would not be what was asked for.
 */
export function refuseOptions({ options }: LMRequest, who: string, without: readonly (keyof LMOptions)[]): void {
  const asked = without.find((name) => !saysNothing(name, options));
  if (asked === undefined) return;
  const remedy = REMEDIES[asked] ?? `Leave ${asked} out.`;
  throw refusal(`${who} does not take the option '${asked}'. ${remedy}`);
}

/** True for an absent option and for a value that is every provider's own. */
function saysNothing(name: keyof LMOptions, options: LMOptions): boolean {
  const value = options[name];
  if (name === 'parallelToolCalls') return value !== false;
  if (value === undefined || value === null || value === false) return true;
  if (name === 'n') return value === 1;
  if (name === 'temperature' || name === 'topP') return value === 1;
  if (name === 'frequencyPenalty' || name === 'presencePenalty') return value === 0;
  if (name === 'toolChoice') return value === 'auto';
  return Array.isArray(value) && value.length === 0;
}
