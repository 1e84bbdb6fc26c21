import { setTimeout as sleep } from 'node:timers/promises';
import { BootstrapFewShot, Example, LabeledFewShot, LMTransportError, Module, Predict, textOf } from 'dspex';
import { TooManyErrorsError } from 'dspex/evaluate';
import { RunOutageError } from 'dspex/teleprompt';
import { DummyLM } from 'dspex/testing';
import { describe, expect, it } from 'vitest';
import { asked, demosOf, inSettings, kindOf, metric, oracle, qa, rows } from './colour-world';

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

it('rows from elsewhere work as well as examples made on the spot', async () => {
  const trainset = [{ question: 'red 1', answer: 'red!' }].map((row) => Example.withInputs(row, 'question'));
  const program = await inSettings(oracle(), () => new BootstrapFewShot({ metric }).compile(qa(), { trainset }));
  expect(program.demos).toEqual([{ augmented: true, question: 'red 1', answer: 'red!' }]);
});
