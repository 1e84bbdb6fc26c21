import { createHash } from 'node:crypto';
import { LMInvalidRequestError } from '../../../core/errors/lm-errors';
import type { LMRequest } from '../../../core/primitives/lm-request';
import { requestKey } from '../../../core/primitives/request-key';

/** How tokens are drawn, in the runtime's own terms. */
export interface Sampling {
  readonly temperature: number;
  readonly topP: number;
  readonly topK: number;
  readonly minP: number;
  readonly frequencyPenalty: number;
  readonly presencePenalty: number;
  readonly seed: number;
}

const KNOWN_EXTRAS = ['topK', 'minP'];

/**
 * The sampling of the `index`-th completion of a request. Without a seed it is drawn from the request itself, rollout id
 * included: the same request replays, another rollout id is a fresh sample.
 */
export function samplingOf(request: LMRequest, index: number): Sampling {
  const { temperature = 0, topP = 1, frequencyPenalty = 0, presencePenalty = 0, seed, extra = {} } = request.options;
  const unknown = Object.keys(extra).find((name) => !KNOWN_EXTRAS.includes(name));
  if (unknown !== undefined) {
    throw new LMInvalidRequestError(`LocalLM reads ${KNOWN_EXTRAS.join(', ')} of 'extra', not '${unknown}'.`);
  }
  return {
    temperature,
    topP,
    topK: numberOf(extra['topK'], 0),
    minP: numberOf(extra['minP'], 0),
    frequencyPenalty,
    presencePenalty,
    seed: ((seed ?? seedOf(request)) + index) % 2 ** 32,
  };
}

function seedOf(request: LMRequest): number {
  return createHash('sha256').update(requestKey(request)).digest().readUInt32LE(0);
}

function numberOf(value: unknown, otherwise: number): number {
  return typeof value === 'number' && value >= 0 ? value : otherwise;
}
