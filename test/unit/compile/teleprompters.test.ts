import { setTimeout as sleep } from 'node:timers/promises';
import {
  BootstrapFewShot,
  BootstrapFewShotWithRandomSearch,
  context,
  Example,
  ExampleInputsError,
  example,
  InvalidOptionError,
  LabeledFewShot,
  type LMRequest,
  LMTransportError,
  Module,
  Predict,
  textOf,
  UnknownOptionError,
} from 'dspex';
import { TooManyErrorsError } from 'dspex/evaluate';
import {
  AllExamplesFailedError,
  EmptyTrainsetError,
  NoCandidateScoredError,
  NoCandidateSeedError,
  PredictorMismatchError,
  RunCancelledError,
  type RunEvent,
  RunOutageError,
  StudentCompiledError,
} from 'dspex/teleprompt';
import { DummyLM } from 'dspex/testing';
import { describe, expect, it } from 'vitest';

const KINDS = ['red', 'green', 'blue'];
const rows = (count: number, from = 0) =>
  Array.from({ length: count }, (_, at) => {
    const kind = KINDS[at % 3] ?? '';
    return example({ question: `${kind} ${from + at}`, answer: `${kind}!` }).withInputs('question');
  });
const metric = (gold: { answer: string }, predicted: { answer: string }) => gold.answer === predicted.answer;
const qa = () => new Predict('question -> answer');

const asked = (request: LMRequest) => textOf(request.messages.at(-1) as never).split('\n')[1] ?? '';
const kindOf = (question: string) => question.split(' ')[0] ?? '';
/** Always right. */
const oracle = (work?: (question: string) => unknown) =>
  new DummyLM(async (request) => {
    await work?.(asked(request));
    return { answer: `${kindOf(asked(request))}!` };
  });
/** Right about red, and about kinds that the prompt shows. */
const learner = () =>
  new DummyLM((request) => {
    const kind = kindOf(asked(request));
    const shown = request.messages.slice(1, -1).some((message) => textOf(message).includes(`${kind} `));
    return { answer: shown || kind === 'red' ? `${kind}!` : 'no idea' };
  });
const inSettings = <R>(lm: DummyLM, fn: () => R) => context({ lm, maxRepairs: 0 }, fn);
const demosOf = (program: Module) => program.predictors().map(({ demos }) => demos.map((demo) => ({ ...demo })));

describe('LabeledFewShot', () => {
  it('draws the rows that DSPy draws', async () => {
    const program = await new LabeledFewShot({ k: 4 }).compile(qa(), { trainset: rows(10) });
    expect(program.demos.map((demo) => demo['question'])).toEqual(['red 6', 'red 9', 'red 0', 'blue 2']);
  });

  it('takes the first rows when it shall not draw', async () => {
    const program = await new LabeledFewShot({ k: 2, sample: false }).compile(qa(), { trainset: rows(5) });
    expect(program.demos.map((demo) => demo['question'])).toEqual(['red 0', 'green 1']);
  });

  it('leaves the LM of a predictor and compiled parts alone', async () => {
    const lm = oracle();
    const frozen = new Predict('question -> hint');
    frozen.demos = [{ question: 'q', hint: 'h' }];
    class Part extends Module {
      hint = frozen;
      async forward({ question }: { question: string }) {
        return this.hint.call({ question });
      }
    }
    class Whole extends Module {
      part = new Part().markCompiled();
      answer = qa().setLM(lm);
      async forward({ question }: { question: string }) {
        return this.answer.call({ question });
      }
    }
    const program = await new LabeledFewShot({ k: 2 }).compile(new Whole(), { trainset: rows(5) });
    expect(program.answer.lm).toBe(lm);
    expect(program.answer.demos).toHaveLength(2);
    expect(program.part.hint.demos).toEqual([{ question: 'q', hint: 'h' }]);
  });
});

describe('BootstrapFewShot', () => {
  it('asks for no more examples than it needs, when every one is good', async () => {
    const lm = oracle(() => sleep(2));
    const program = await inSettings(lm, () => new BootstrapFewShot({ metric }).compile(qa(), { trainset: rows(30) }));
    expect(lm.requests).toHaveLength(4);
    expect(program.demos).toHaveLength(16);
    expect(program.demos.slice(0, 4).every((demo) => demo['augmented'] === true)).toBe(true);
    expect(program.compiled).toBe(true);
  });

  it('never shows the teacher the example it works on, however its demos were written', async () => {
    const trainset = rows(6);
    for (const demo of [trainset[0] as object, { ...(trainset[0] as object) }]) {
      const teacher = qa();
      teacher.demos = [demo as never, { question: 'red 99', answer: 'red!' }];
      teacher.markCompiled();
      const lm = oracle();
      await inSettings(lm, () => new BootstrapFewShot({ metric }).compile(qa(), { trainset, teacher }));
      const lengths = new Map(lm.requests.map((request) => [asked(request), request.messages.length]));
      expect(lengths.get('red 0')).toBe(4);
      expect(lengths.get('green 1')).toBe(6);
      expect(teacher.demos).toHaveLength(2);
    }
  });

  it('keeps the teacher whole when examples fail', async () => {
    const trainset = rows(9);
    const lm = oracle((question) => {
      if (question === 'red 0') throw new Error('cannot');
    });
    const options = { metric, maxBootstrappedDemos: 8, maxLabeledDemos: 9, concurrency: 1 };
    await inSettings(lm, () => new BootstrapFewShot(options).compile(qa(), { trainset }));
    // System, nine demos but the example's own, the question.
    expect(lm.requests.map((request) => request.messages.length)).toEqual(Array.from({ length: 9 }, () => 1 + 16 + 1));
  });

  it('a score of 0 fails, however it is wrapped, and so does a negative one', async () => {
    for (const verdict of [false, 0, -1, { score: 0 }, { score: false }]) {
      const judge = () => verdict;
      const options = { metric: judge, maxLabeledDemos: 0 };
      const program = await inSettings(oracle(), () =>
        new BootstrapFewShot(options).compile(qa(), { trainset: rows(3) }),
      );
      expect(program.demos).toEqual([]);
    }
  });

  it('a threshold of 0 is a threshold', async () => {
    const options = { metric: () => 0, metricThreshold: 0, maxLabeledDemos: 0, maxBootstrappedDemos: 2 };
    const program = await inSettings(oracle(), () =>
      new BootstrapFewShot(options).compile(qa(), { trainset: rows(3) }),
    );
    expect(program.demos).toHaveLength(2);
  });

  it('asks a predictor with an LM of its own for a fresh sample in each round', async () => {
    const pinned = new DummyLM(() => ({ answer: 'wrong' }));
    const options = { metric, maxRounds: 3, concurrency: 1 };
    const student = qa().setLM(pinned);
    await inSettings(oracle(), () => new BootstrapFewShot(options).compile(student, { trainset: rows(1) }));
    expect(pinned.requests.map(({ rolloutId, options: sent }) => [rolloutId, sent.temperature])).toEqual([
      [undefined, undefined],
      [1, 1],
      [2, 1],
    ]);
  });

  it('lets the teacher work in settings of its own', async () => {
    const [large, small] = [oracle(), oracle()];
    const options = { metric, teacherSettings: { lm: large }, maxBootstrappedDemos: 2 };
    await inSettings(small, () => new BootstrapFewShot(options).compile(qa(), { trainset: rows(4) }));
    expect(large.requests).toHaveLength(2);
    expect(small.requests).toHaveLength(0);
  });

  it('shows the metric the trace', async () => {
    const traces: number[] = [];
    const judge = (_: object, __: object, extra?: { trace?: readonly unknown[] }) => {
      traces.push(extra?.trace?.length ?? 0);
      return true;
    };
    await inSettings(oracle(), () => new BootstrapFewShot({ metric: judge }).compile(qa(), { trainset: rows(2) }));
    expect(traces).toEqual([1, 1]);
  });

  it('chooses one of several calls of a predictor, the same every time, or as it is told', async () => {
    class Twice extends Module {
      hop = new Predict('question, note -> answer');
      async forward({ question }: { question: string }) {
        const { answer } = await this.hop.call({ question, note: 'none' });
        return this.hop.call({ question, note: answer });
      }
    }
    const lm = new DummyLM((request) => ({
      answer: `${kindOf(textOf(request.messages.at(-1) as never).split('\n')[1] ?? '')}!`,
    }));
    const compile = (more: object) =>
      inSettings(lm, () => {
        const options = { metric, maxLabeledDemos: 0, maxBootstrappedDemos: 8, ...more };
        return new BootstrapFewShot(options).compile(new Twice(), { trainset: rows(8) });
      });
    expect(demosOf(await compile({}))).toEqual(demosOf(await compile({ concurrency: 1 })));
    const first = await compile({ chooseStep: () => 0 });
    expect(first.hop.demos.map((demo) => demo['note'])).toEqual(Array.from({ length: 8 }, () => 'none'));
  });

  it('stops at maxErrors failures with what it has', async () => {
    const lm = oracle((question) => {
      if (!question.startsWith('red')) throw new Error(`cannot ${question}`);
    });
    const options = { metric, maxErrors: 2, maxLabeledDemos: 0 };
    const error = await inSettings(lm, () =>
      new BootstrapFewShot(options).compile(qa(), { trainset: rows(9) }).catch((reason: unknown) => reason),
    );
    expect(error).toBeInstanceOf(TooManyErrorsError);
    expect(demosOf((error as TooManyErrorsError<Module>).partial)[0]).toHaveLength(1);
  });

  it('an outage stops it, and decides nothing', async () => {
    const lm = oracle(() => {
      throw new LMTransportError('connection refused', { model: 'dummy' });
    });
    const options = { metric, outageWaitMs: 1 };
    const run = inSettings(lm, () => new BootstrapFewShot(options).compile(qa(), { trainset: rows(3) }));
    await expect(run).rejects.toThrow(RunOutageError);
  });
});

describe('mistakes in compiling have names', () => {
  const compile = (student: Module, data: object, options: object = {}) =>
    inSettings(oracle(), () => new BootstrapFewShot({ metric, ...options }).compile(student as never, data as never));

  it('an empty trainset', async () => {
    await expect(compile(qa(), { trainset: [] })).rejects.toThrow(EmptyTrainsetError);
  });

  it('a trainset whose inputs are not marked', async () => {
    await expect(compile(qa(), { trainset: [example({ question: 'q', answer: 'a' })] })).rejects.toThrow(
      ExampleInputsError,
    );
  });

  it('a trainset that is no array, and data that nothing reads', async () => {
    await expect(compile(qa(), { trainset: 'rows' })).rejects.toThrow(InvalidOptionError);
    await expect(compile(qa(), { trainset: rows(2), devset: rows(2) })).rejects.toThrow(UnknownOptionError);
  });

  it('a metric that throws on every row', async () => {
    const judge = () => {
      throw new Error('no such field');
    };
    const run = compile(qa(), { trainset: rows(3) }, { metric: judge });
    await expect(run).rejects.toThrow(AllExamplesFailedError);
    await expect(run).rejects.toThrow('the metric failed on every one of the 3 rows tried');
  });

  it('a student that was compiled before', async () => {
    await expect(compile(qa().markCompiled(), { trainset: rows(3) })).rejects.toThrow(StudentCompiledError);
  });

  it('a teacher with other predictors', async () => {
    const other = new Predict('question -> reply');
    await expect(compile(qa(), { trainset: rows(3), teacher: other })).rejects.toThrow(PredictorMismatchError);
  });

  it.each<[string, () => unknown]>([
    ['an unknown option', () => new BootstrapFewShot({ metric, maxDemos: 3 } as object)],
    ['an unknown option of a search', () => new BootstrapFewShotWithRandomSearch({ metric, numThreads: 3 } as never)],
    ['an unknown option of labels', () => new LabeledFewShot({ n: 3 } as object)],
  ])('%s', (_, make) => {
    expect(make).toThrow(UnknownOptionError);
  });

  it('a search without a metric, and a count that is none', () => {
    expect(() => new BootstrapFewShotWithRandomSearch({} as never)).toThrow(InvalidOptionError);
    expect(() => new BootstrapFewShot({ metric, maxRounds: 0 })).toThrow(InvalidOptionError);
    expect(() => new LabeledFewShot({ k: -1 })).toThrow(InvalidOptionError);
  });
});

describe('BootstrapFewShotWithRandomSearch', () => {
  const search = (options: object = {}) =>
    new BootstrapFewShotWithRandomSearch({ metric, numCandidatePrograms: 3, maxLabeledDemos: 2, ...options });

  it('returns the best of its candidates, the unoptimized program among them', async () => {
    const data = { trainset: rows(9), valset: rows(12, 100) };
    const program = await inSettings(learner(), () => search().compile(qa(), data));
    const scores = program.candidates.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(program.candidates.map(({ seed }) => seed).sort((a, b) => a - b)).toEqual([-3, -2, -1, 0, 1, 2]);
    expect(program.candidates.find(({ seed }) => seed === -3)).toMatchObject({ score: 33.33 });
    expect(program.candidates[0]?.score).toBe(66.67);
    expect(program.candidates[0]?.subscores).toHaveLength(12);
    expect(program.candidates[0]?.interval[0]).toBeCloseTo(39.06, 1);
    expect(demosOf(program)).toEqual(demosOf(program.candidates[0]?.program as Module));
  });

  it('prefers the earliest of equal candidates', async () => {
    const program = await inSettings(oracle(), () => search().compile(qa(), { trainset: rows(6) }));
    expect(program.candidates.every(({ score }) => score === 100)).toBe(true);
    expect(program.demos).toEqual([]);
  });

  it('stops when the score is good enough', async () => {
    const program = await inSettings(oracle(), () => search({ stopAtScore: 100 }).compile(qa(), { trainset: rows(6) }));
    expect(program.candidates.map(({ seed }) => seed)).toEqual([-3]);
  });

  it('tries only the candidates it is restricted to, every time it compiles', async () => {
    const optimizer = search({ restrict: new Set([-2, 1]).values() });
    for (const _ of [1, 2]) {
      const program = await inSettings(oracle(), () => optimizer.compile(qa(), { trainset: rows(6) }));
      expect(program.candidates.map(({ seed }) => seed)).toEqual([-2, 1]);
    }
    const none = inSettings(oracle(), () => search({ restrict: [7] }).compile(qa(), { trainset: rows(6) }));
    await expect(none).rejects.toThrow(NoCandidateSeedError);
  });

  it('does not score the unoptimized program twice when there are no labels', async () => {
    const lm = oracle();
    const options = { maxLabeledDemos: 0, restrict: [-3, -2] };
    const program = await inSettings(lm, () => search(options).compile(qa(), { trainset: rows(6) }));
    expect(lm.requests).toHaveLength(6);
    expect(program.candidates.map(({ seed, score }) => [seed, score])).toEqual([
      [-3, 100],
      [-2, 100],
    ]);
  });

  it('loses no candidate to the failures of another', async () => {
    const lm = new DummyLM((request) => {
      if (request.messages.length > 2) return new Error('cannot follow demos');
      return { answer: asked(request) === 'red 0' ? 'red!' : 'no idea' };
    });
    const options = { maxErrors: 2, restrict: [-3, -2] };
    const program = await inSettings(lm, () => search(options).compile(qa(), { trainset: rows(6) }));
    expect(program.candidates.map(({ seed }) => seed)).toEqual([-3, -2]);
    expect(program.candidates[1]?.score).toBeNaN();
    expect(program.candidates[1]?.error).toBeInstanceOf(TooManyErrorsError);
    expect(program.demos).toEqual([]);
  });

  it('says so when no candidate could be scored', async () => {
    const lm = new DummyLM(() => new Error('broken'));
    const run = inSettings(lm, () => search({ maxErrors: 1 }).compile(qa(), { trainset: rows(6) }));
    await expect(run).rejects.toThrow(NoCandidateScoredError);
    await expect(run).rejects.toThrow('broken');
  });

  it('an outage ranks nothing', async () => {
    const lm = oracle((question) => {
      if (question === 'red 3') throw new LMTransportError('connection refused', { model: 'dummy' });
    });
    const run = inSettings(lm, () => search({ outageRetries: 0 }).compile(qa(), { trainset: rows(6) }));
    await expect(run).rejects.toThrow(RunOutageError);
  });

  it('keeps its candidates out of copies and saved programs', async () => {
    const program = await inSettings(oracle(), () => search().compile(qa(), { trainset: rows(6) }));
    expect(Object.keys(program)).not.toContain('candidates');
    expect(Object.keys(program.clone())).not.toContain('candidates');
  });
});

describe('a run', () => {
  it('tells its phases, candidates, best score and calls while it goes on', async () => {
    const optimizer = new BootstrapFewShotWithRandomSearch({ metric, numCandidatePrograms: 1, maxLabeledDemos: 2 });
    const run = inSettings(learner(), () => optimizer.start(qa(), { trainset: rows(9) }));
    expect(run.status().state).toBe('running');
    const events: RunEvent[] = [];
    for await (const event of run.events) events.push(event);
    const program = await run.result;
    expect(events[0]).toMatchObject({ kind: 'started', predictors: ['self'], trainset: 9 });
    expect(events.at(-1)).toMatchObject({ kind: 'ended', state: 'done' });
    const candidates = events.filter((event) => event.kind === 'candidate');
    expect(candidates.map(({ candidate, of, seed }) => [candidate, of, seed])).toEqual([
      [1, 4, -3],
      [2, 4, -2],
      [3, 4, -1],
      [4, 4, 0],
    ]);
    expect(candidates.at(-1)?.best?.score).toBe(program.candidates[0]?.score);
    const calls = events.map(({ usage }) => usage.calls);
    expect(calls).toEqual([...calls].sort((a, b) => a - b));
    expect(run.status()).toMatchObject({ state: 'done', best: { score: program.candidates[0]?.score } });
    expect(run.status().usage.calls).toBeGreaterThanOrEqual(36);
  });

  it('ends soon when it is cancelled, and says so', async () => {
    const lm = oracle(() => sleep(60_000, undefined, { ref: false }));
    const run = inSettings(lm, () => new BootstrapFewShot({ metric }).start(qa(), { trainset: rows(9) }));
    await sleep(5);
    run.cancel();
    await expect(run.result).rejects.toThrow(RunCancelledError);
    expect(run.status().state).toBe('cancelled');
    const kinds: string[] = [];
    for await (const event of run.events) kinds.push(event.kind);
    expect(kinds.at(-1)).toBe('ended');
  });

  it('obeys the signal it is given', async () => {
    const lm = oracle(() => sleep(60_000, undefined, { ref: false }));
    const signal = AbortSignal.timeout(5);
    const run = inSettings(lm, () => new BootstrapFewShot({ metric }).compile(qa(), { trainset: rows(9), signal }));
    await expect(run).rejects.toThrow(/timeout/i);
  });
});

it('rows from elsewhere work as well as examples made on the spot', async () => {
  const trainset = [{ question: 'red 1', answer: 'red!' }].map((row) => Example.withInputs(row, 'question'));
  const program = await inSettings(oracle(), () => new BootstrapFewShot({ metric }).compile(qa(), { trainset }));
  expect(program.demos).toEqual([{ augmented: true, question: 'red 1', answer: 'red!' }]);
});
