import type { Usage } from './usage';

/** A text as a point in space: texts that mean alike lie close together. One number a dimension. */
export type Embedding = readonly number[];

/** What an embedder gave for some texts. */
export interface EmbedResponse {
  /** One for each text, in their order; frozen, because a cache may share them. */
  readonly vectors: readonly Embedding[];
  /** What the call took; texts from the cache count in `cachedCalls`. */
  readonly usage: Usage;
}
