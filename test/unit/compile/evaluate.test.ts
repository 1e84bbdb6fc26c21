import { mkdtemp, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  configure,
  context,
  Evaluate,
  ExampleInputsError,
  example,
  InvalidOptionError,
  LMAuthError,
  LMNotConfiguredError,
  LMTransportError,
  Module,
  Predict,
  resetConfiguration,
  UnknownOptionError,
} from 'dspex';
import {
  EmptyDevsetError,
  ExampleDeadlineError,
  MetricResultError,
  NothingScoredError,
  type ProgressState,
  TooManyErrorsError,
} from 'dspex/evaluate';
import { DummyLM } from 'dspex/testing';
import { afterEach, describe, expect, it, vi } from 'vitest';

type Inputs = { readonly n: number };

/** Answers `n`; what else happens is up to the test. */
class Echo extends Module {
  constructor(private readonly work: (n: number, signal?: AbortSignal) => unknown = () => undefined) {
    super();
  }

  async forward({ n }: Inputs, options: { signal?: AbortSignal } = {}): Promise<{ n: number }> {
    await this.work(n, options.signal);
    return { n };
  }
}

const devset = (count: number) => Array.from({ length: count }, (_, n) => example({ n, gold: n }).withInputs('n'));
const right = (gold: { gold: number }, predicted: { n: number }) => gold.gold === predicted.n;
const soon = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms));
const once = { outageRetries: 0 };

afterEach(() => resetConfiguration());

describe('an evaluation', () => {
  it('gives results in the order of the devset, whatever order they come in', async () => {
    const program = new Echo((n) => soon(10 - n));
    const result = await new Evaluate({ devset: devset(10), metric: right, concurrency: 10 }).call(program);
    expect(result.results.map((row) => row.prediction?.n)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(result).toMatchObject({ score: 100, n: 10, complete: true, reason: undefined });
  });

  it('keeps hundreds of rows under way, and never more than allowed', async () => {
    let underWay = 0;
    let most = 0;
    const program = new Echo(async () => {
      most = Math.max(most, ++underWay);
      await soon();
      underWay--;
    });
    await new Evaluate({ devset: devset(600), metric: right, concurrency: 256 }).call(program);
    expect(most).toBe(256);
    most = 0;
    configure({ concurrency: 5 });
    await new Evaluate({ devset: devset(50), metric: right }).call(program);
    expect(most).toBe(5);
  });

  it('has a Wilson interval for right and wrong, and a bootstrap one for grades', async () => {
    const half = await new Evaluate({ devset: devset(20), metric: (gold: { gold: number }) => gold.gold % 2 }).call(
      new Echo(),
    );
    expect(half.score).toBe(50);
    expect(half.interval[0]).toBeCloseTo(29.93, 1);
    expect(half.interval[1]).toBeCloseTo(70.07, 1);
    const graded = new Evaluate({ devset: devset(20), metric: (gold: { gold: number }) => gold.gold / 20, seed: 1 });
    const [first, second] = [await graded.call(new Echo()), await graded.call(new Echo())];
    expect(first.interval).toEqual(second.interval);
    expect(first.interval[0]).toBeLessThan(first.score);
    expect(first.interval[1]).toBeGreaterThan(first.score);
  });

  it('takes options of a call over those of the constructor', async () => {
    const evaluate = new Evaluate({ devset: devset(3), metric: right });
    expect((await evaluate.call(new Echo(), { devset: devset(5) })).n).toBe(5);
    expect((await evaluate.call(new Echo())).n).toBe(3);
  });

  it('runs each row in the settings of its caller', async () => {
    const lm = new DummyLM(() => ({ answer: 'yes' }));
    const rows = [example({ question: 'q' }).withInputs('question')];
    const evaluate = new Evaluate({ devset: rows, metric: (_: object, p: { answer: string }) => p.answer === 'yes' });
    const result = await context({ lm }, () => evaluate.call(new Predict('question -> answer')));
    expect(result.score).toBe(100);
    expect(result.usage.calls).toBe(lm.requests.length);
    expect(result.results[0]?.usage.calls).toBe(1);
  });

  it('ends when its signal fires, and aborts what is under way', async () => {
    const controller = new AbortController();
    const aborted: unknown[] = [];
    const program = new Echo(async (n, signal) => {
      signal?.addEventListener('abort', () => aborted.push(n));
      if (n === 2) controller.abort(new Error('enough'));
      await new Promise(() => undefined);
    });
    const evaluate = new Evaluate({ devset: devset(9), metric: right, concurrency: 3, signal: controller.signal });
    await expect(evaluate.call(program)).rejects.toThrow('enough');
    expect(aborted).toEqual([0, 1, 2]);
  });
});

describe('a failure of one row', () => {
  it.each<[string, (gold: { gold: number }) => unknown]>([
    [
      'throws',
      () => {
        throw new Error('metric fell over');
      },
    ],
    ['rejects', () => Promise.reject(new Error('metric fell over'))],
    ['returns NaN', () => Number.NaN],
    ['returns nothing', () => undefined],
    ['returns a text', () => 'good'],
    ['returns null', () => null],
    ['returns a record without a score', () => ({ feedback: 'fine' })],
  ])('a metric that %s counts as failureScore and is listed', async (_, fault) => {
    const metric = (gold: { gold: number }, predicted: { n: number }) =>
      (gold.gold === 1 ? fault(gold) : right(gold, predicted)) as boolean;
    const result = await new Evaluate({ devset: devset(4), metric, failureScore: 0.5 }).call(new Echo());
    expect(result.score).toBe(87.5);
    expect(result.complete).toBe(true);
    expect(result.failures).toHaveLength(1);
    expect(result.failures[0]).toMatchObject({ kind: 'failed', score: 0.5, failedIn: 'metric', prediction: { n: 1 } });
  });

  it('a metric without a score is named', async () => {
    const grade = (() => undefined) as unknown as () => number;
    const { failures } = await new Evaluate({ devset: devset(1), metric: grade }).call(new Echo());
    expect(failures[0]?.error).toBeInstanceOf(MetricResultError);
    expect(String(failures[0]?.error)).toContain("'grade' returned undefined");
  });

  it('a program or a metric that never settles is cut off, and its signal fires', async () => {
    const fired: string[] = [];
    const program = new Echo(async (n, signal) => {
      if (n !== 1) return;
      signal?.addEventListener('abort', () => fired.push('program'));
      await new Promise(() => undefined);
    });
    const metric = (gold: { gold: number }, predicted: { n: number }, extra?: { signal?: AbortSignal }) => {
      if (gold.gold !== 2) return right(gold, predicted);
      extra?.signal?.addEventListener('abort', () => fired.push('metric'));
      return new Promise<boolean>(() => undefined);
    };
    const result = await new Evaluate({ devset: devset(4), metric, exampleDeadlineMs: 30 }).call(program);
    expect(result.score).toBe(50);
    expect(result.failures.map((row) => row.failedIn)).toEqual(['program', 'metric']);
    expect(result.failures.every((row) => row.error instanceof ExampleDeadlineError)).toBe(true);
    expect(fired.sort()).toEqual(['metric', 'program']);
  });

  it('maxErrors failures stop the evaluation; the error carries what was done', async () => {
    const program = new Echo((n) => {
      if (n % 2 === 1) throw new Error(`row ${n}`);
    });
    const run = new Evaluate({ devset: devset(100), metric: right, concurrency: 1, maxErrors: 3 }).call(program);
    const error = await run.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(TooManyErrorsError);
    const { partial, message } = error as TooManyErrorsError<Awaited<typeof run>>;
    expect(message).toContain('row 5');
    expect(partial).toMatchObject({ n: 6, score: 50, complete: false });
    expect(partial.reason).toContain('maxErrors');
  });
});

describe('an outage', () => {
  const outage = () => new LMTransportError('connection refused', { model: 'm' });

  it('is waited out', async () => {
    const tries = new Map<number, number>();
    const program = new Echo((n) => {
      tries.set(n, (tries.get(n) ?? 0) + 1);
      if (n === 1 && (tries.get(n) ?? 0) < 3) throw outage();
    });
    const result = await new Evaluate({ devset: devset(3), metric: right, outageWaitMs: 1 }).call(program);
    expect(result).toMatchObject({ score: 100, complete: true });
    expect(tries.get(1)).toBe(3);
  });

  it('leaves rows out of the score, and says so', async () => {
    const program = new Echo((n) => {
      if (n === 1) throw outage();
    });
    const result = await new Evaluate({ devset: devset(4), metric: right, ...once, maxErrors: 1 }).call(program);
    expect(result).toMatchObject({ score: 100, n: 3, complete: false });
    expect(result.failures).toEqual([]);
    expect(result.unavailable).toHaveLength(1);
    expect(result.reason).toBe('the language model was not reached for 1 of 4 rows');
    expect(result.scores()).toEqual([1, 1, 1]);
  });

  it('of every row is an error, not a score of 0', async () => {
    const program = new Echo(() => {
      throw new LMAuthError('the key is wrong', { model: 'm' });
    });
    const error = await new Evaluate({ devset: devset(3), metric: right })
      .call(program)
      .catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(NothingScoredError);
    expect(String(error)).toContain('the key is wrong');
  });

  it('does not make every row wait in vain', async () => {
    let calls = 0;
    const program = new Echo(() => {
      calls++;
      throw outage();
    });
    const evaluate = new Evaluate({ devset: devset(50), metric: right, concurrency: 1, outageWaitMs: 1 });
    await expect(evaluate.call(program)).rejects.toThrow(NothingScoredError);
    expect(calls).toBe(4 + 49);
  });
});

describe('mistakes are named before anything is spent', () => {
  it('an empty devset', async () => {
    await expect(new Evaluate({ devset: [], metric: () => 1 }).call(new Echo() as never)).rejects.toThrow(
      EmptyDevsetError,
    );
  });

  it('a row without marked inputs', async () => {
    const rows = [...devset(2), example({ n: 1, gold: 1 })];
    let calls = 0;
    const program = new Echo(() => calls++);
    await expect(new Evaluate({ devset: rows, metric: right }).call(program)).rejects.toThrow(ExampleInputsError);
    expect(calls).toBe(0);
  });

  it('no language model', async () => {
    const rows = Array.from({ length: 30 }, () => example({ question: 'q' }).withInputs('question'));
    const evaluate = new Evaluate({ devset: rows, metric: () => 1 });
    await expect(evaluate.call(new Predict('question -> answer'))).rejects.toThrow(LMNotConfiguredError);
  });

  it.each<[string, object, typeof InvalidOptionError | typeof UnknownOptionError]>([
    ['an unknown option', { numThreads: 4 }, UnknownOptionError],
    ['no rows at a time', { concurrency: 0 }, InvalidOptionError],
    ['a metric that is no function', { metric: 'exact' }, InvalidOptionError],
    ['a devset that is no array', { devset: 'rows' }, InvalidOptionError],
    ['a failure score that is no number', { failureScore: Number.NaN }, InvalidOptionError],
    ['a deadline in the past', { exampleDeadlineMs: 0 }, InvalidOptionError],
  ])('%s', (_, options, kind) => {
    expect(() => new Evaluate({ devset: devset(1), metric: right, ...options })).toThrow(kind);
  });
});

describe('the result as text', () => {
  const rows = [
    example({ question: 'a, b', answer: 'x' }).withInputs('question'),
    example({ question: 'say "hi"', answer: 'y' }).withInputs('question'),
    example({ question: 'third', answer: 'z' }).withInputs('question'),
  ];
  class Answer extends Module {
    async forward({ question }: { question: string }) {
      if (question === 'a, b') throw new Error('no idea');
      return { answer: 'y', sure: true };
    }
  }
  function exact(gold: { answer: string }, predicted: { answer: string }) {
    return gold.answer === predicted.answer;
  }
  const evaluate = new Evaluate({ devset: rows, metric: exact });

  it('a table tells fields of row and prediction apart, and shows what failed', async () => {
    const table = (await evaluate.call(new Answer())).table();
    expect(table.split('\n')[0]).toMatch(/^question +answer +example_answer +pred_answer +sure +exact$/);
    expect(table).toContain('failed: Error');
    expect(table).toContain('✔️ [True]');
    expect((await evaluate.call(new Answer())).table(1)).toContain('... 2 more rows not displayed ...');
  });

  it('CSV and JSON files are written whole, with rows of uneven fields', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dspex-'));
    const [csv, json] = [join(folder, 'rows.csv'), join(folder, 'deep', 'rows.json')];
    await evaluate.call(new Answer(), { saveAsCsv: csv, saveAsJson: json });
    expect(await readFile(csv, 'utf8')).toBe(
      'question,answer,example_answer,pred_answer,sure,exact\r\n' +
        '"a, b",x,,,,0.0\r\n"say ""hi""",,y,y,True,True\r\nthird,,z,y,True,False\r\n',
    );
    expect(JSON.parse(await readFile(json, 'utf8'))).toEqual([
      { question: 'a, b', answer: 'x', exact: 0 },
      { question: 'say "hi"', example_answer: 'y', pred_answer: 'y', sure: true, exact: true },
      { question: 'third', example_answer: 'z', pred_answer: 'y', sure: true, exact: false },
    ]);
  });

  it('JSON.stringify gives numbers, rows and messages', async () => {
    const text = JSON.stringify(await evaluate.call(new Answer()));
    expect(JSON.parse(text)).toMatchObject({
      score: 33.33,
      n: 3,
      complete: true,
      results: [{ error: 'Error: no idea' }, {}, {}],
    });
  });
});

describe('progress', () => {
  it('is silent unless asked for', async () => {
    const write = vi.spyOn(process.stderr, 'write').mockReturnValue(true);
    const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true);
    await new Evaluate({ devset: devset(5), metric: right }).call(new Echo());
    expect(write).not.toHaveBeenCalled();
    expect(out).not.toHaveBeenCalled();
    write.mockRestore();
    out.mockRestore();
  });

  it('goes to a sink with running score, failures and time left', async () => {
    const states: ProgressState[] = [];
    const push = (state: ProgressState) => states.push(state);
    const program = new Echo((n) => {
      if (n === 3) throw new Error('three');
    });
    const progress = { start: push, update: push, stop: push };
    await new Evaluate({ devset: devset(4), metric: right, concurrency: 1, progress }).call(program);
    expect(states.map(({ done }) => done)).toEqual([0, 1, 2, 3, 4, 4]);
    expect(states.at(-1)).toMatchObject({ score: 75, failures: 1, total: 4 });
    expect(states[0]?.etaMs).toBeUndefined();
    expect(states[1]?.etaMs).toBeGreaterThanOrEqual(0);
  });
});
