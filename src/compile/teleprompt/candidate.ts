import type { Module } from '../../program/predict/module';
import type { EvaluationResult } from '../evaluate/evaluation-result';
import type { Interval } from '../evaluate/statistics';

/** One program that a search tried. */
export interface Candidate<M extends Module = Module> {
  /** What it was made from: -3 the unoptimized program, -2 labeled demos, -1 the trainset in order, else a shuffle. */
  readonly seed: number;
  readonly program: M;
  /** 0 to 100; `NaN` when the evaluation failed. */
  readonly score: number;
  /** 95 % interval of the score. */
  readonly interval: Interval;
  /** Score of each row, in the order of the valset. */
  readonly subscores: readonly number[];
  /** The whole evaluation, as far as it got. */
  readonly evaluation?: EvaluationResult;
  /** Why there is no score. */
  readonly error?: unknown;
}

/** Best first; equal scores stay in the order they were tried, and those without a score come last. */
export function ranked<M extends Module>(candidates: readonly Candidate<M>[]): readonly Candidate<M>[] {
  const place = ({ score }: Candidate) => (Number.isNaN(score) ? Number.NEGATIVE_INFINITY : score);
  return [...candidates].sort((a, b) => {
    const [x, y] = [place(a), place(b)];
    return x === y ? 0 : y - x;
  });
}

/** A program that knows what it was chosen from. */
export type Chosen<M> = M & {
  /** Everything the search tried, best first. Not saved and not copied into the candidates themselves. */
  readonly candidates: readonly Candidate<M & Module>[];
};

/** Gives the program its candidates, as an accessor: walks, saved programs and copies see no attribute. */
export function withCandidates<M extends Module>(program: M, candidates: readonly Candidate<M>[]): Chosen<M> {
  const list = Object.freeze(candidates);
  if ('candidates' in program) return program as Chosen<M>;
  Object.defineProperty(program, 'candidates', { get: () => list, enumerable: false, configurable: true });
  return program as Chosen<M>;
}
