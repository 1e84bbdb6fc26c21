import type { Usage } from '../../core/primitives/usage';
import type { Interval } from '../evaluate/statistics';

/** The best program of a run so far. */
export interface BestSoFar {
  /** Seed or number of the candidate. */
  readonly seed: number;
  /** 0 to 100. */
  readonly score: number;
  readonly interval: Interval;
}

/** What is told about a run while it goes on. */
export type RunEventBody =
  | { readonly kind: 'started'; readonly predictors: readonly string[]; readonly trainset: number }
  | {
      readonly kind: 'phase';
      /** In words, for example `bootstrapping demos`. */
      readonly phase: string;
      /** Number of the candidate under way, from 1, and how many there will be. */
      readonly candidate?: number;
      readonly of?: number;
    }
  | {
      readonly kind: 'bootstrap';
      /** Place of the row in the (shuffled) trainset. */
      readonly index: number;
      readonly accepted: boolean;
      /** Rows accepted so far, and how many are wanted. */
      readonly demos: number;
      readonly wanted: number;
      readonly error?: unknown;
    }
  | {
      readonly kind: 'row';
      readonly done: number;
      readonly total: number;
      readonly score: number;
      readonly failures: number;
    }
  | {
      readonly kind: 'candidate';
      readonly candidate: number;
      readonly of: number;
      readonly seed: number;
      /** 0 to 100; absent when the evaluation failed. */
      readonly score?: number;
      readonly interval?: Interval;
      readonly best?: BestSoFar;
      /** Why there is no score. */
      readonly error?: unknown;
    }
  | { readonly kind: 'ended'; readonly state: 'done' | 'failed' | 'cancelled'; readonly error?: unknown };

/** An event of a run, with what the run has used up to then. */
export type RunEvent = RunEventBody & {
  /** Milliseconds since the run started. */
  readonly atMs: number;
  readonly usage: Usage;
};

/** Where a run stands. */
export interface RunStatus {
  readonly state: 'running' | 'done' | 'failed' | 'cancelled';
  readonly phase: string;
  readonly candidate?: number | undefined;
  readonly of?: number | undefined;
  readonly best?: BestSoFar | undefined;
  readonly usage: Usage;
  readonly elapsedMs: number;
}
