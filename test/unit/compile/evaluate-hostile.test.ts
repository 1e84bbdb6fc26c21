import { mkdtemp, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as tick } from 'node:timers/promises';
import { Evaluate, example, Module, Predict } from 'dspex';
import { type Devset, DevsetReadError, EmptyDevsetError, TooManyErrorsError } from 'dspex/evaluate';
import { describe, expect, it } from 'vitest';

class Echo extends Module {
  calls = 0;

  constructor(private readonly work: (n: number) => unknown = () => undefined) {
    super();
  }

  async forward({ n }: { n: number }): Promise<{ n: number }> {
    this.calls++;
    await this.work(n);
    return { n };
  }
}

const rowOf = (n: number) => example({ n, gold: n }).withInputs('n');
type Row = ReturnType<typeof rowOf>;
const right = (gold: { gold: number }, predicted: { n: number }) => gold.gold === predicted.n;
const soon = (ms = 1) => new Promise((resolve) => setTimeout(resolve, ms));
const never = () => new Promise<never>(() => undefined);

/** An iterator written by hand, which counts how often it is closed. */
function source(next: (at: number) => unknown) {
  let at = 0;
  const counts = { closed: 0 };
  const iterator = {
    next: () => next(at++),
    return: async () => {
      counts.closed++;
      return { done: true, value: undefined };
    },
  };
  return { counts, devset: { [Symbol.asyncIterator]: () => iterator } as unknown as Devset<Row> };
}

describe('a devset that misbehaves', () => {
  it.each<[string, () => unknown]>([
    ['gives no results', async () => undefined],
    ['gives no results, at once', () => undefined],
    ['gives a text for a result', async () => 'done'],
    ['gives rows that are none', async () => ({ done: false, value: 3 })],
    ['gives examples without inputs', async () => ({ done: false, value: example({ n: 1, gold: 1 }) })],
    [
      'has results that cannot be looked at',
      async () => ({
        get done() {
          throw new Error('no');
        },
      }),
    ],
  ])('is named: it %s', async (_, next) => {
    const { devset } = source(next);
    const run = new Evaluate({ devset, metric: right }).call(new Echo());
    await expect(run).rejects.toBeInstanceOf(DevsetReadError);
  });

  it('is named where it cannot even be begun', async () => {
    const devset = {
      [Symbol.asyncIterator]() {
        throw new Error('locked');
      },
    } as unknown as Devset<Row>;
    const run = new Evaluate({ devset, metric: right }).call(new Echo());
    await expect(run).rejects.toMatchObject({ name: 'DevsetReadError', cause: new Error('locked') });
  });

  it('keeps the rows within the evaluation when its promises are of another kind', async () => {
    // Such a promise runs its callbacks where it likes: here at once, or outside of every call.
    const outside: (() => void)[] = [];
    const pump = setInterval(() => {
      for (const go of outside.splice(0)) go();
    }, 1);
    const { devset } = source((at) => ({
      // biome-ignore lint/suspicious/noThenProperty: it is what the test is about
      then: (taken: (result: unknown) => void) => {
        const result = at < 20_000 ? { done: false, value: rowOf(at) } : { done: true, value: undefined };
        if (at % 10_000 === 5) outside.push(() => taken(result));
        else taken(result);
      },
    }));
    const stop = new AbortController();
    const program = new Echo(async (n) => {
      if (n === 15_000) stop.abort(new Error('enough'));
    });
    const run = new Evaluate({ devset, metric: right, concurrency: 4, signal: stop.signal }).call(program);
    await expect(run).rejects.toThrow('enough');
    clearInterval(pump);
    await tick();
    expect(program.calls).toBeLessThan(15_010);
  });

  it('is closed once when the run is aborted, and once when too many rows failed', async () => {
    const aborted = source(async (at) => ({ done: false, value: rowOf(at) }));
    const stop = new AbortController();
    const enough = new Echo((n) => (n === 10 ? stop.abort(new Error('enough')) : soon()));
    const run = new Evaluate({ devset: aborted.devset, metric: right, concurrency: 3, signal: stop.signal });
    await expect(run.call(enough)).rejects.toThrow('enough');
    await soon(20);
    expect(aborted.counts.closed).toBe(1);

    const failing = source(async (at) => ({ done: false, value: rowOf(at) }));
    const broken = new Echo(() => Promise.reject(new Error('broken')));
    const failed = new Evaluate({ devset: failing.devset, metric: right, maxErrors: 3, concurrency: 3 }).call(broken);
    await expect(failed).rejects.toBeInstanceOf(TooManyErrorsError);
    expect(failing.counts.closed).toBe(1);
  });

  it('is left alone when it hangs: the run ends when it is aborted', async () => {
    const { devset } = source((at) => (at < 3 ? { done: false, value: rowOf(at) } : never()));
    const stop = new AbortController();
    const run = new Evaluate({ devset, metric: right, signal: stop.signal }).call(new Echo());
    setTimeout(() => stop.abort(new Error('enough')), 10);
    await expect(run).rejects.toThrow('enough');
  });

  it('gives nothing the second time, which is told', async () => {
    async function* once() {
      yield rowOf(1);
    }
    const evaluate = new Evaluate({ devset: once(), metric: right });
    await expect(evaluate.call(new Echo())).resolves.toMatchObject({ score: 100, n: 1 });
    await expect(evaluate.call(new Echo())).rejects.toBeInstanceOf(EmptyDevsetError);
  });

  it('is not read at all when the run was aborted while it was opened', async () => {
    const { devset } = source(async (at) => (at < 100 ? { done: false, value: rowOf(at) } : { done: true }));
    const stop = new AbortController();
    const program = new Echo();
    const open = async () => {
      await soon(20);
      return devset as Exclude<Devset<Row>, () => unknown>;
    };
    const run = new Evaluate({ devset: open, metric: right, signal: stop.signal }).call(program);
    setTimeout(() => stop.abort(new Error('enough')), 5);
    await expect(run).rejects.toThrow('enough');
    await soon(50);
    expect(program.calls).toBe(0);
  });
});

describe('files of a run that ends early', () => {
  const folder = () => mkdtemp(join(tmpdir(), 'dspex-evaluate-'));
  async function* endless() {
    for (let n = 0; ; n++) yield rowOf(n);
  }

  /** Beyond 1,000 rows that wait for the first one, those who add more are held back. */
  async function withFirstRowSlow(end: (fail: (error: Error) => void) => void) {
    const at = await folder();
    let fail: (error: Error) => void = () => undefined;
    const hung = new Promise<void>((_, reject) => {
      fail = reject;
    });
    const program = new Echo((n) => (n === 0 ? hung : undefined));
    let closed = false;
    async function* rows() {
      try {
        yield* endless();
      } finally {
        closed = true;
      }
    }
    const stop = new AbortController();
    const options = { metric: right, concurrency: 8, maxErrors: 1, signal: stop.signal };
    const run = new Evaluate({ devset: rows(), ...options, saveAsCsv: join(at, 'rows.csv') }).call(program);
    run.catch(() => undefined);
    while (program.calls < 1000) await tick();
    await soon(20);
    const held = program.calls;
    await soon(20);
    expect(program.calls).toBe(held);
    end(fail);
    return { run, stop, at, isClosed: () => closed };
  }

  it('lets go of rows that wait for one that fails', async () => {
    const { run, at, isClosed } = await withFirstRowSlow((fail) => fail(new Error('broken')));
    await expect(run).rejects.toBeInstanceOf(TooManyErrorsError);
    expect(isClosed()).toBe(true);
    expect(await readdir(at)).toEqual([]);
  });

  it('lets go of rows that wait for one that is aborted', async () => {
    const { run, stop, at, isClosed } = await withFirstRowSlow(() => undefined);
    stop.abort(new Error('enough'));
    await expect(run).rejects.toThrow('enough');
    // The files go after the promise has settled.
    await expect.poll(async () => [isClosed(), await readdir(at)]).toEqual([true, []]);
  });

  it('leaves nothing behind when the progress sink fails', async () => {
    const at = await folder();
    const progress = {
      start: () => {
        throw new Error('no screen');
      },
      update: () => undefined,
      stop: () => undefined,
    };
    const options = { metric: right, keepRows: false, progress, saveAsJson: join(at, 'rows.json') };
    await expect(new Evaluate({ devset: [rowOf(1)], ...options }).call(new Echo())).rejects.toThrow('no screen');
    expect(await readdir(at)).toEqual([]);
  });

  it('leaves nothing behind when no language model is configured', async () => {
    const at = await folder();
    const question = example({ question: 'a', answer: 'b' }).withInputs('question');
    const options = { metric: () => 1, keepRows: false, saveAsJson: join(at, 'rows.json') };
    const run = new Evaluate({ devset: [question], ...options }).call(new Predict('question -> answer'));
    await expect(run).rejects.toMatchObject({ name: 'LMNotConfiguredError' });
    expect(await readdir(at)).toEqual([]);
  });
});

describe('a metric that misbehaves', () => {
  it('is cut off after the deadline of a row, and the other rows count', async () => {
    const metric = (gold: { gold: number }) => (gold.gold === 1 ? never() : 1);
    const options = { metric, exampleDeadlineMs: 30 };
    const result = await new Evaluate({ devset: [rowOf(0), rowOf(1), rowOf(2)], ...options }).call(new Echo());
    expect(result.results.map(({ kind }) => kind)).toEqual(['scored', 'failed', 'scored']);
    expect(result.failures[0]).toMatchObject({ failedIn: 'metric', error: { name: 'ExampleDeadlineError' } });
  });
});
