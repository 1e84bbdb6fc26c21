import { NothingScoredError, TooManyErrorsError } from '../../core/errors/evaluate-errors';
import { RunOutageError } from '../../core/errors/teleprompt-errors';
import type { Module } from '../../program/predict/module';
import type { Evaluate } from '../evaluate/evaluate';
import type { EvaluationResult } from '../evaluate/evaluation-result';
import type { InputRow, Program } from '../evaluate/program';
import type { ProgressSink } from '../evaluate/progress-sink';
import type { RunControl } from '../runs/run';
import type { BestSoFar } from '../runs/run-events';
import type { Candidate } from './candidate';

const NOT_A_NUMBER = [Number.NaN, Number.NaN] as const;

/**
 * Scores one candidate. An evaluation with too many failures gives a candidate without a score and disturbs no other;
 * an outage ends the search with `RunOutageError`, for it says nothing about the candidate.
 */
export async function scoreCandidate<M extends Module, R extends InputRow, P>(
  optimizer: string,
  evaluate: Evaluate<R, P>,
  program: M,
  seed: number,
  run: RunControl,
): Promise<Candidate<M>> {
  const onRow = ({ done, total, score, failures }: Parameters<ProgressSink['update']>[0]) =>
    run.emit({ kind: 'row', done, total, score, failures });
  const progress: ProgressSink = { start: () => undefined, update: onRow, stop: () => undefined };
  try {
    const evaluation = await evaluate.call(program as unknown as Program<R['$inputs'], P>, {
      progress,
      signal: run.signal,
    });
    if (!evaluation.complete) throw new RunOutageError(optimizer, { cause: evaluation.unavailable[0]?.error });
    const { score, interval } = evaluation;
    return {
      seed,
      program,
      score,
      interval,
      subscores: evaluation.scores(),
      evaluation: evaluation as EvaluationResult,
    };
  } catch (error) {
    if (error instanceof NothingScoredError) throw new RunOutageError(optimizer, { cause: error.cause });
    if (!(error instanceof TooManyErrorsError)) throw error;
    const evaluation = error.partial as EvaluationResult;
    const failed = { score: Number.NaN, interval: NOT_A_NUMBER, subscores: evaluation.scores(), evaluation, error };
    return { seed, program, ...failed };
  }
}

/** The better of the best so far and a new candidate: strictly higher wins, so the earliest of equals stays. */
export function betterOf<M extends Module>(
  best: Candidate<M> | undefined,
  next: Candidate<M>,
): Candidate<M> | undefined {
  if (Number.isNaN(next.score)) return best;
  return best === undefined || next.score > best.score ? next : best;
}

/** Tells about a scored candidate. */
export function emitCandidate(
  run: RunControl,
  candidate: Candidate,
  at: { readonly candidate: number; readonly of: number; readonly best: Candidate | undefined },
): void {
  const { seed, score, interval, error } = candidate;
  const best: BestSoFar | undefined = at.best && {
    seed: at.best.seed,
    score: at.best.score,
    interval: at.best.interval,
  };
  run.emit({
    kind: 'candidate',
    candidate: at.candidate,
    of: at.of,
    seed,
    ...(best === undefined ? {} : { best }),
    ...(Number.isNaN(score) ? { error } : { score, interval }),
  });
}
