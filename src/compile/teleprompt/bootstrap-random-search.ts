import { TooManyErrorsError } from '../../core/errors/evaluate-errors';
import { isOutage } from '../../core/errors/lm-errors';
import { InvalidOptionError } from '../../core/errors/option-errors';
import {
  AllExamplesFailedError,
  NoCandidateScoredError,
  NoCandidateSeedError,
} from '../../core/errors/teleprompt-errors';
import type { Metric } from '../../core/primitives/metric';
import type { FieldValues } from '../../core/signatures/field-spec';
import { wholeNumber } from '../../core/util/check-options';
import { PythonRandom } from '../../core/util/python-random';
import type { Module } from '../../program/predict/module';
import { Evaluate } from '../evaluate/evaluate';
import type { InputRow } from '../evaluate/program';
import type { Run, RunControl } from '../runs/run';
import { bootstrap } from './bootstrap-few-shot';
import { type BootstrapOptions, checkBootstrapOptions } from './bootstrap-options';
import { type Candidate, type Chosen, ranked, withCandidates } from './candidate';
import { freshCopy } from './fresh-copy';
import { withLabeledDemos } from './labeled-few-shot';
import { betterOf, emitCandidate, scoreCandidate } from './search-candidates';
import { type CompileData, checkStudentAndRows, type Student, Teleprompter } from './teleprompter';

/** The unoptimized program, the one with labeled demos, and the bootstrap over the trainset as it is. */
const ZERO_SHOT = -3;
const LABELED = -2;
const IN_ORDER = -1;

export interface BootstrapRandomSearchOptions<G, P> extends BootstrapOptions<G, P> {
  /** Scores programs and the steps of the teacher. */
  readonly metric: Metric<G, P>;
  /** Shuffled bootstraps to try beside the three fixed candidates; default 16. */
  readonly numCandidatePrograms?: number;
  /** Score, 0 to 100, at which the search is content and stops. */
  readonly stopAtScore?: number;
  /** Seeds of the candidates to try, from -3 to `numCandidatePrograms - 1`; default all. */
  readonly restrict?: Iterable<number>;
  /** `false` gives the labeled candidate the first rows instead of drawn ones; default `true`. */
  readonly labeledSample?: boolean;
  /** Score of a row whose program or metric failed; default 0. */
  readonly failureScore?: number;
}

/**
 * Bootstraps demos from many shuffles of the trainset, scores every program on the valset and keeps the best. The
 * unoptimized program is a candidate too, so the result is never worse than the student on the valset.
 * (DSPy: `BootstrapFewShotWithRandomSearch`, `teleprompt/random_search.py`.)
 */
export class BootstrapFewShotWithRandomSearch<G = FieldValues, P = FieldValues> extends Teleprompter<G, P> {
  private readonly options: BootstrapRandomSearchOptions<G, P>;
  private readonly restrict: readonly number[] | undefined;

  constructor(options: BootstrapRandomSearchOptions<G, P>) {
    super();
    const name = 'BootstrapFewShotWithRandomSearch';
    const further = ['numCandidatePrograms', 'stopAtScore', 'restrict', 'labeledSample', 'failureScore'];
    checkBootstrapOptions(name, options, further);
    if (options.metric === undefined) {
      throw new InvalidOptionError(name, 'metric', undefined, 'a function (gold, predicted) => score');
    }
    wholeNumber(name, 'numCandidatePrograms', options.numCandidatePrograms ?? 16, 0);
    this.options = Object.freeze({ ...options });
    // An iterator can be read once only, and `compile` may be called often.
    this.restrict = options.restrict === undefined ? undefined : Object.freeze([...options.restrict]);
  }

  /** As `Teleprompter.start`; the program also knows its `candidates`. */
  override start<M extends Student<P>>(student: M, data: CompileData<M, G>): Run<Chosen<M>> {
    return super.start(student, data) as Run<Chosen<M>>;
  }

  /** As `Teleprompter.compile`; the program also knows its `candidates`, best first. */
  override compile<M extends Student<P>>(student: M, data: CompileData<M, G>): Promise<Chosen<M>> {
    return this.start(student, data).result;
  }

  protected override async optimize<M extends Student<P>>(
    student: M,
    { trainset, valset, teacher }: CompileData<M, G>,
    run: RunControl,
  ): Promise<M> {
    const rows = trainset as readonly object[];
    checkStudentAndRows(this.constructor.name, student, rows);
    const seeds = this.seeds();
    const { metric, concurrency, maxErrors, failureScore, exampleDeadlineMs, outageRetries, outageWaitMs } =
      this.options;
    const evaluate = new Evaluate<InputRow, P>({
      devset: (valset ?? trainset) as readonly InputRow[],
      metric: metric as Metric<unknown, P>,
      ...present({ concurrency, maxErrors, failureScore, exampleDeadlineMs, outageRetries, outageWaitMs }),
      seed: this.options.seed ?? 0,
    });
    const predictors = student.namedPredictors({ skipCompiled: true }).map(([path]) => path);
    run.emit({ kind: 'started', predictors, trainset: rows.length });

    const candidates: Candidate<M>[] = [];
    let best: Candidate<M> | undefined;
    for (const [at, seed] of seeds.entries()) {
      const where = { candidate: at + 1, of: seeds.length };
      run.emit({ kind: 'phase', phase: phaseOf(seed), ...where });
      const candidate = await this.candidate(student, rows, teacher, seed, { candidates, evaluate, run, where });
      candidates.push(candidate);
      best = betterOf(best, candidate);
      emitCandidate(run, candidate, { ...where, best });
      if (this.options.stopAtScore !== undefined && candidate.score >= this.options.stopAtScore) break;
    }
    if (best === undefined) {
      const cause = candidates.find((candidate) => candidate.error !== undefined)?.error;
      throw new NoCandidateScoredError(this.constructor.name, candidates.length, { cause });
    }
    return withCandidates(best.program, ranked(candidates));
  }

  private async candidate<M extends Student<P>>(
    student: M,
    rows: readonly object[],
    teacher: Module | undefined,
    seed: number,
    search: {
      readonly candidates: readonly Candidate<M>[];
      readonly evaluate: Evaluate<InputRow, P>;
      readonly run: RunControl;
      readonly where: { readonly candidate: number; readonly of: number };
    },
  ): Promise<Candidate<M>> {
    const { candidates, evaluate, run, where } = search;
    let program: M;
    try {
      program = await this.program(student, rows, teacher, seed, run);
    } catch (error) {
      // A bootstrap that fails is one candidate less, not the end of the search.
      if (isOutage(error) || !(error instanceof TooManyErrorsError || error instanceof AllExamplesFailedError))
        throw error;
      return {
        seed,
        program: freshCopy(student),
        score: Number.NaN,
        interval: [Number.NaN, Number.NaN],
        subscores: [],
        error,
      };
    }
    const twin = this.maxLabeledDemos === 0 && seed === LABELED && candidates.find((other) => other.seed === ZERO_SHOT);
    // Without labels the labeled candidate is the unoptimized program, which has its score already.
    if (twin) return { ...twin, seed, program };
    run.emit({ kind: 'phase', phase: 'evaluating', ...where });
    return scoreCandidate(this.constructor.name, evaluate, program, seed, run);
  }

  private async program<M extends Module>(
    student: M,
    rows: readonly object[],
    teacher: Module | undefined,
    seed: number,
    run: RunControl,
  ): Promise<M> {
    const base = this.options.seed ?? 0;
    if (seed === ZERO_SHOT) return freshCopy(student);
    if (seed === LABELED) {
      const sample = this.options.labeledSample ?? true;
      return withLabeledDemos(student, rows, { k: this.maxLabeledDemos, sample, seed: base });
    }
    if (seed === IN_ORDER) return bootstrap(this.constructor.name, student, rows, teacher, this.options, run);
    const shuffled = new PythonRandom(base + seed).shuffle([...rows]);
    const most = this.options.maxBootstrappedDemos ?? 4;
    const maxBootstrappedDemos = most === 0 ? 0 : new PythonRandom(base + seed).randint(1, most);
    return bootstrap(this.constructor.name, student, shuffled, teacher, { ...this.options, maxBootstrappedDemos }, run);
  }

  private get maxLabeledDemos(): number {
    return this.options.maxLabeledDemos ?? 16;
  }

  private seeds(): number[] {
    const last = (this.options.numCandidatePrograms ?? 16) - 1;
    const all = Array.from({ length: last - ZERO_SHOT + 1 }, (_, at) => ZERO_SHOT + at);
    const { restrict } = this;
    if (restrict === undefined) return all;
    const chosen = all.filter((seed) => restrict.includes(seed));
    if (chosen.length === 0) throw new NoCandidateSeedError(this.constructor.name, restrict, ZERO_SHOT, last);
    return chosen;
  }
}

/**
 * The name it also has in the reference.
 * @alias
 */
export const BootstrapRS = BootstrapFewShotWithRandomSearch;
export type BootstrapRS<G = FieldValues, P = FieldValues> = BootstrapFewShotWithRandomSearch<G, P>;

function phaseOf(seed: number): string {
  if (seed === ZERO_SHOT) return 'unoptimized program';
  if (seed === LABELED) return 'labeled demos';
  return seed === IN_ORDER ? 'bootstrapping demos' : `bootstrapping demos, shuffle ${seed}`;
}

function present<T extends object>(options: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}
