import type { Usage } from './usage';

/** The log-probability of one token of an answer. */
export interface TokenLogprob {
  readonly token: string;
  /** Natural logarithm of the probability. */
  readonly logprob: number;
}

/** A tool that a model calls. */
export interface LMToolCall {
  /** The provider's id; results refer to it. */
  readonly id?: string;
  readonly name: string;
  /** JSON text, as the model wrote it: it may be broken. */
  readonly arguments: string;
}

/** One answer of a model. */
export interface LMCompletion {
  readonly text: string;
  /** `length` means the answer was cut at `maxTokens`. */
  readonly finishReason: 'stop' | 'length' | 'tool_calls' | 'content_filter' | 'error' | 'unknown';
  /** The model's own thinking, when the provider returns it apart from the answer. */
  readonly reasoning?: string;
  readonly logprobs?: readonly TokenLogprob[];
  /** Tools the model calls in place of, or beside, its text. */
  readonly toolCalls?: readonly LMToolCall[];
  /** Quotations that the provider gives beside the text, in its own words. */
  readonly citations?: readonly Readonly<Record<string, unknown>>[];
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
