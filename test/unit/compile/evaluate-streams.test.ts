import { mkdtemp, readdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  Evaluate,
  type EvaluateOptions,
  ExampleInputsError,
  example,
  InvalidOptionError,
  JsonlError,
  LMTransportError,
  Module,
  readJsonl,
} from 'dspex';
import {
  type Devset,
  DevsetReadError,
  EmptyDevsetError,
  type EvaluationResult,
  type ProgressState,
  progressBar,
  RowsNotKeptError,
  TooManyErrorsError,
} from 'dspex/evaluate';
import { describe, expect, it } from 'vitest';

/** Answers `n`; what else happens is up to the test. */
class Echo extends Module {
  constructor(private readonly work: (n: number) => unknown = () => undefined) {
    super();
  }

  async forward({ n }: { n: number }): Promise<{ n: number }> {
    await this.work(n);
    return { n };
  }
}

const rowOf = (n: number) => example({ n, gold: n }).withInputs('n');
type Row = ReturnType<typeof rowOf>;
const devset = (count: number) => Array.from({ length: count }, (_, n) => rowOf(n));
const right = (gold: { gold: number }, predicted: { n: number }) => gold.gold === predicted.n;
const soon = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms));

async function* stream(count: number) {
  for (let n = 0; n < count; n++) yield rowOf(n);
}

type Metric = EvaluateOptions<Row, { n: number }>['metric'];

/** The same rows as an array and as a stream. */
async function both(count: number, metric: Metric, program = new Echo(), rest: object = {}) {
  const options = { metric, maxErrors: Number.POSITIVE_INFINITY, outageRetries: 0, ...rest };
  const whole = await new Evaluate({ devset: devset(count), ...options }).call(program);
  const streamed = await new Evaluate({ devset: stream(count), ...options }).call(program);
  return { whole, streamed };
}

const numbers = ({ score, interval, n, complete, failureCount, unavailableCount, usage }: EvaluationResult<Row>) => ({
  ...{ score, interval, n, complete, failureCount, unavailableCount, usage },
});

describe('a streamed devset', () => {
  it.each<[string, number, Metric]>([
    ['right and wrong', 300, ({ gold }) => gold % 3 === 0],
    ['grades', 300, ({ gold }) => (gold % 21) / 20],
    ['grades of more rows than are held', 11_000, ({ gold }) => (gold % 2 === 0 ? 0.25 : gold % 21)],
  ])('comes to the same numbers as an array: %s', async (_, count, metric) => {
    // Rows end in another order than they began.
    const { whole, streamed } = await both(count, metric, new Echo((n) => (n % 50 === 0 ? soon(n % 3) : undefined)));
    expect(numbers(streamed)).toMatchObject({ ...numbers(whole), interval: expect.any(Array) });
    expect(streamed.interval[0]).toBeCloseTo(whole.interval[0], 9);
    expect(streamed.interval[1]).toBeCloseTo(whole.interval[1], 9);
    expect(whole.interval[0]).toBeLessThan(whole.score);
  });

  it('counts failures and outages like an array, and keeps the first of them only', async () => {
    const program = new Echo((n) => {
      if (n % 4 === 1) throw new Error(`row ${n}`);
      if (n % 4 === 2) throw new LMTransportError('refused', { model: 'm' });
    });
    const { whole, streamed } = await both(1000, right, program, { concurrency: 1 });
    expect(numbers(streamed)).toEqual(numbers(whole));
    expect(streamed).toMatchObject({ failureCount: 250, unavailableCount: 250, n: 750, rowsKept: false });
    expect(streamed.reason).toBe(whole.reason);
    expect(streamed.failures.map(({ example: row }) => row.n)).toEqual(
      Array.from({ length: 100 }, (_, at) => 4 * at + 1),
    );
    expect(streamed.results).toHaveLength(200);
    expect(String(streamed)).toBe(String(whole));
  });

  it('says so when asked for rows that were not kept, and keeps them when told to', async () => {
    const { streamed } = await both(5, right);
    expect(streamed.results).toEqual([]);
    expect(() => streamed.scores()).toThrow(RowsNotKeptError);
    expect(() => streamed.toCSV()).toThrow(RowsNotKeptError);
    const kept = await new Evaluate({ devset: stream(5), metric: right, keepRows: true }).call(new Echo());
    expect(kept.results.map(({ prediction }) => prediction?.n)).toEqual([0, 1, 2, 3, 4]);
    const dropped = await new Evaluate({ devset: devset(5), metric: right, keepRows: false }).call(new Echo());
    expect(dropped).toMatchObject({ score: 100, n: 5, results: [], complete: true });
  });

  it('is read no faster than rows are worked off', async () => {
    let given = 0;
    let ended = 0;
    let ahead = 0;
    async function* source() {
      for (; given < 200; ) {
        given++;
        ahead = Math.max(ahead, given - ended);
        yield rowOf(given);
      }
    }
    const program = new Echo(async () => {
      await soon();
      ended++;
    });
    await new Evaluate({ devset: source(), metric: right, concurrency: 7 }).call(program);
    expect(given).toBe(200);
    expect(ahead).toBeGreaterThan(1);
    expect(ahead).toBeLessThanOrEqual(8);
  });

  it('may be a function, called anew for each evaluation, or an iterable that can be read again', async () => {
    for (const rows of [
      () => stream(4),
      async () => devset(4),
      new Set(devset(4)),
      () => new Set(devset(4)).values(),
    ] as Devset<Row>[]) {
      const evaluate = new Evaluate<Row, { n: number }>({ devset: rows, metric: right });
      expect(await evaluate.call(new Echo())).toMatchObject({ score: 100, n: 4 });
      expect(await evaluate.call(new Echo())).toMatchObject({ score: 100, n: 4 });
    }
  });

  it('that is empty, or was read already, is an error', async () => {
    const evaluate = new Evaluate({ devset: stream(2), metric: right });
    await evaluate.call(new Echo());
    await expect(evaluate.call(new Echo())).rejects.toThrow(EmptyDevsetError);
    const wrong = new Evaluate<Row, { n: number }>({ devset: () => 7 as never, metric: right });
    await expect(wrong.call(new Echo())).rejects.toThrow(InvalidOptionError);
  });

  it('that fails ends the evaluation once what was read is done, and the error carries it', async () => {
    async function* lines() {
      for (let n = 0; n < 3; n++) yield `{"n": ${n}, "gold": ${n}}\n`;
      yield 'torn';
    }
    const rows = readJsonl<{ n: number; gold: number }, 'n'>(lines(), { inputs: ['n'] });
    const run = new Evaluate({ devset: rows, metric: right }).call(new Echo(() => soon(5)));
    const error = (await run.catch((reason: unknown) => reason)) as DevsetReadError<Awaited<typeof run>>;
    expect(error).toBeInstanceOf(DevsetReadError);
    expect(error.cause).toBeInstanceOf(JsonlError);
    expect(error.message).toContain('after 3 rows: JsonlError: readJsonl: line 4 holds no JSON');
    expect(error.partial).toMatchObject({ n: 3, score: 100, complete: false });
    expect(error.partial.reason).toBe('the devset could not be read after 3 rows');
  });

  it('with a row without inputs, or an iterator that throws, fails in the same way', async () => {
    async function* rows() {
      yield rowOf(0);
      yield example({ n: 1, gold: 1 }) as unknown as Row;
    }
    const error = await new Evaluate({ devset: rows(), metric: right }).call(new Echo()).catch((reason) => reason);
    expect(error).toBeInstanceOf(DevsetReadError);
    expect(error.cause).toBeInstanceOf(ExampleInputsError);
    function* broken(): Generator<Row> {
      yield rowOf(0);
      throw new Error('no more');
    }
    const thrown = await new Evaluate({ devset: broken(), metric: right }).call(new Echo()).catch((reason) => reason);
    expect(thrown).toMatchObject({ code: 'DEVSET_READ', partial: { n: 1 }, cause: { message: 'no more' } });
  });

  it('is closed when the evaluation ends before it does', async () => {
    let closed = 0;
    async function* endless() {
      try {
        for (let n = 0; ; n++) yield rowOf(n);
      } finally {
        closed++;
      }
    }
    const failing = new Echo(() => {
      throw new Error('no');
    });
    await expect(new Evaluate({ devset: endless(), metric: right, maxErrors: 3 }).call(failing)).rejects.toThrow(
      TooManyErrorsError,
    );
    expect(closed).toBe(1);
    const controller = new AbortController();
    const stopping = new Echo((n) => n === 20 && controller.abort(new Error('enough')));
    const { signal } = controller;
    await expect(new Evaluate({ devset: endless(), metric: right, signal }).call(stopping)).rejects.toThrow('enough');
    await soon(5);
    expect(closed).toBe(2);
  });

  it('that never gives its next row does not outlive an abort', async () => {
    const controller = new AbortController();
    let returned = false;
    const hanging: AsyncIterable<Row> = {
      [Symbol.asyncIterator]: () => ({
        next: () => new Promise(() => undefined),
        return: async () => {
          returned = true;
          return { done: true, value: undefined };
        },
      }),
    };
    const run = new Evaluate({ devset: hanging, metric: right, signal: controller.signal }).call(new Echo());
    setTimeout(() => controller.abort(new Error('enough')), 5);
    await expect(run).rejects.toThrow('enough');
    expect(returned).toBe(true);
  });

  it('has no total until it ends', async () => {
    const states: ProgressState[] = [];
    const push = (state: ProgressState) => states.push(state);
    const progress = { start: push, update: push, stop: push };
    await new Evaluate({ devset: stream(3), metric: right, concurrency: 1, progress }).call(new Echo());
    expect(states.map(({ total }) => total)).toEqual([...Array(4).fill(Number.POSITIVE_INFINITY), 3]);
    expect(states[2]?.etaMs).toBeUndefined();
    expect(states.at(-1)).toMatchObject({ done: 3, etaMs: 0 });
  });

  it('is shown without a total off a terminal, each time the rows have doubled', () => {
    const lines: string[] = [];
    const bar = progressBar('Evaluate', { write: (line: string) => lines.push(line) } as unknown as NodeJS.WriteStream);
    const state = { score: 50, failures: 0, unavailable: 0, elapsedMs: 10, etaMs: undefined };
    for (let done = 1; done <= 500; done++) bar.update({ ...state, done, total: Number.POSITIVE_INFINITY });
    bar.stop({ ...state, done: 500, total: 500 });
    expect(lines.map((line) => line.split(',')[0])).toEqual([
      ...['Evaluate 100', 'Evaluate 200', 'Evaluate 400', 'Evaluate 500/500'],
    ]);
  });
});

describe('files of rows that are not kept', () => {
  /** Rows of uneven fields, with texts that CSV and JSON must quote, that end out of order. */
  class Uneven extends Module {
    async forward({ n }: { n: number }): Promise<{ n: number }> {
      await soon(n % 5);
      if (n % 7 === 3) throw new Error('no');
      return { n, ...(n % 3 === 0 ? { note: `a "quoted",\u2028 text\nof ${n}, žluťoučký` } : {}) };
    }
  }

  it('are those of kept rows, to the byte', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dspex-'));
    const at = (name: string) => ({ saveAsCsv: join(folder, `${name}.csv`), saveAsJson: join(folder, `${name}.json`) });
    const options = { metric: right, maxErrors: 1000, concurrency: 16 };
    await new Evaluate({ devset: devset(3000), ...options, ...at('whole') }).call(new Uneven());
    await new Evaluate({ devset: stream(3000), ...options, ...at('streamed') }).call(new Uneven());
    for (const kind of ['csv', 'json']) {
      const whole = await readFile(join(folder, `whole.${kind}`), 'utf8');
      expect(await readFile(join(folder, `streamed.${kind}`), 'utf8')).toBe(whole);
      expect(whole.length).toBeGreaterThan(60_000);
    }
    expect((await readdir(folder)).sort()).toEqual(['streamed.csv', 'streamed.json', 'whole.csv', 'whole.json']);
  });

  it('are not there when the evaluation fails, or a value has no text', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dspex-'));
    const options = { metric: right, saveAsCsv: join(folder, 'rows.csv'), saveAsJson: join(folder, 'rows.json') };
    const failing = new Echo(() => {
      throw new Error('no');
    });
    await expect(new Evaluate({ devset: stream(100), ...options }).call(failing)).rejects.toThrow(TooManyErrorsError);
    class Unprintable extends Module {
      async forward({ n }: { n: number }) {
        return { n, print: () => undefined };
      }
    }
    await expect(new Evaluate({ devset: stream(100), ...options }).call(new Unprintable())).rejects.toThrow(
      'a function has no text',
    );
    expect(await readdir(folder)).toEqual([]);
  });

  it('hold back rows that are too far ahead of a slow one', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'dspex-'));
    let ahead = 0;
    let first = true;
    const slow = new Echo(async (n) => {
      if (n === 0) await soon(150);
      if (n === 0) first = false;
      else if (first) ahead++;
    });
    const saveAsJson = join(folder, 'rows.json');
    await new Evaluate({ devset: stream(20_000), metric: right, concurrency: 4, saveAsJson }).call(slow);
    expect(ahead).toBeGreaterThan(900);
    expect(ahead).toBeLessThan(1010);
    expect(JSON.parse(await readFile(saveAsJson, 'utf8'))).toHaveLength(20_000);
  });
});
