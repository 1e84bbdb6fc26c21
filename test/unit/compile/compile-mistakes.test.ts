import {
  BootstrapFewShot,
  BootstrapFewShotWithRandomSearch,
  ExampleInputsError,
  example,
  InvalidOptionError,
  LabeledFewShot,
  Module,
  Predict,
  UnknownOptionError,
} from 'dspex';
import {
  AllExamplesFailedError,
  EmptyTrainsetError,
  PredictorMismatchError,
  StudentCompiledError,
} from 'dspex/teleprompt';
import { describe, expect, it } from 'vitest';
import { inSettings, metric, oracle, qa, rows } from './colour-world';

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
