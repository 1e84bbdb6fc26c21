import { BootstrapFewShotWithRandomSearch, configure, Evaluate, LabeledFewShot, type LM, Predict } from 'dspex';
import { composeLM, FileCache } from 'dspex/clients';
import type { ProgressSink } from 'dspex/evaluate';
import { LocalLM } from 'dspex/local';
import type { Run } from 'dspex/teleprompt';
import type { Row } from './data';
import { exactSlug, MakeSlug } from './task';

/** The shipped settings; `--seeds` measures exactly these. */
export const SETTINGS = { demos: 4, candidates: 3, concurrency: 4 } as const;

export interface Models {
  /** What the programs use: the local model behind a cache on disk, so that a second run answers from there. */
  readonly lm: LM;
  readonly local: LocalLM;
}

export function configureModel(): Models {
  const local = new LocalLM(undefined, {
    sequences: SETTINGS.concurrency,
    contextSize: 2048,
    defaults: { maxTokens: 48 },
    stringLimit: 120,
  });
  const lm = composeLM(local, { cache: new FileCache(), resilience: false });
  // No second try for an answer that does not parse: each row costs one call, before and after.
  configure({ lm, maxRepairs: 0, maxErrors: Number.POSITIVE_INFINITY, concurrency: SETTINGS.concurrency });
  return { lm, local };
}

export function makeProgram() {
  return new Predict(MakeSlug);
}

export type SlugProgram = ReturnType<typeof makeProgram>;

export function score(program: SlugProgram, devset: readonly Row[], progress: boolean | ProgressSink = false) {
  return new Evaluate({ devset, metric: exactSlug, progress }).call(program);
}

export type Score = Awaited<ReturnType<typeof score>>;

/** Tries the bare program, labeled demonstrations and bootstrapped ones, and keeps what is best on the validation rows. */
export function startSearch(program: SlugProgram, trainset: readonly Row[], valset: readonly Row[]) {
  const optimizer = new BootstrapFewShotWithRandomSearch({
    metric: exactSlug,
    maxBootstrappedDemos: SETTINGS.demos,
    maxLabeledDemos: SETTINGS.demos,
    numCandidatePrograms: SETTINGS.candidates,
  });
  return optimizer.start(program, { trainset, valset });
}

export type Search = ReturnType<typeof startSearch>;
export type SearchResult = Search extends Run<infer R> ? R : never;

/** Demonstrations drawn at random, nothing tried: what the search has to beat. */
export function labeled(program: SlugProgram, trainset: readonly Row[]): Promise<SlugProgram> {
  return new LabeledFewShot({ k: SETTINGS.demos }).compile(program, { trainset });
}
