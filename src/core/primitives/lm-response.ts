import type { Usage } from './usage';

/** The log-probability of one token of an answer. */
export interface TokenLogprob {
  readonly token: string;
  /** Natural logarithm of the probability. */
  readonly logprob: number;
}

/** One answer of a model. */
export interface LMCompletion {
  readonly text: string;
  /** `length` means the answer was cut at `maxTokens`. */
  readonly finishReason: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'error' | 'unknown';
  /** The model's own thinking, when the provider returns it apart from the answer. */
  readonly reasoning?: string;
  readonly logprobs?: readonly TokenLogprob[];
}

/** What a model answered. Frozen: a cached response is shared by all who asked. */
export interface LMResponse {
  /** The model that answered, in the provider's own words. */
  readonly model: string;
  /** At least one. */
  readonly completions: readonly LMCompletion[];
  readonly usage: Usage;
  /** The provider's id of the answer. */
  readonly id?: string;
  /** True when no request was sent for it. */
  readonly cached: boolean;
  /** Requests it took, the failed ones included; 0 when cached. */
  readonly attempts: number;
}
