import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Limiter } from '../../../../src/lm/resilience/limiter/limiter';
import { throughLimiter } from './through';

/** The limiter against a model of it: who runs, who waits and whose turn is next, whatever happens in whatever order. */

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const MAXIMUM = 4;
const MOST_QUEUED = 6;
const GROUPS = [{}, {}, undefined] as const;

class Full extends Error {}
class TooMuch extends Error {}

interface Caller {
  readonly id: number;
  readonly priority: number;
  readonly group: object | undefined;
  readonly controller: AbortController;
  readonly result: Promise<unknown>;
  readonly end: (error?: Error) => void;
}

interface Real {
  readonly limiter: Limiter;
  /** Ids in the order in which they were let out. */
  readonly started: number[];
}

class Model {
  waiting: Caller[] = [];
  running: { caller: Caller; at: number }[] = [];
  started: number[] = [];
  limit = MAXIMUM;
  cutAt = -1;
  successes = 0;
  pausedUntil = 0;
  ids = 0;
  /** Whose turn it is within a priority: groups in the order in which they came to wait or had their turn. */
  turns: { priority: number; group: object | undefined }[] = [];

  join(caller: Caller): void {
    this.waiting.push(caller);
    if (!this.turns.some(({ priority, group }) => priority === caller.priority && group === caller.group)) {
      this.turns.push({ priority: caller.priority, group: caller.group });
    }
  }

  leave(caller: Caller): void {
    this.waiting.splice(this.waiting.indexOf(caller), 1);
    this.turns = this.turns.filter((turn) =>
      this.waiting.some(({ priority, group }) => priority === turn.priority && group === turn.group),
    );
  }

  pump(): void {
    while (this.waiting.length > 0 && this.running.length < this.limit && performance.now() >= this.pausedUntil) {
      const highest = Math.max(...this.waiting.map(({ priority }) => priority));
      const turn = this.turns.find(({ priority }) => priority === highest);
      const caller = this.waiting.find(
        ({ priority, group }) => priority === highest && group === turn?.group,
      ) as Caller;
      this.turns = this.turns.filter((other) => other !== turn);
      if (turn !== undefined) this.turns.push(turn);
      this.leave(caller);
      this.start(caller);
    }
  }

  start(caller: Caller): void {
    this.running.push({ caller, at: performance.now() });
    this.started.push(caller.id);
  }
}

type Command = fc.AsyncCommand<Model, Real>;

const agree = (model: Model, { limiter, started }: Real) => {
  expect(limiter.inFlight).toBe(model.running.length);
  expect(limiter.queued).toBe(model.waiting.length);
  expect(limiter.limitNow).toBe(model.limit);
  expect(limiter.limitNow).toBeGreaterThanOrEqual(1);
  expect(limiter.limitNow).toBeLessThanOrEqual(MAXIMUM);
  expect(started).toEqual(model.started);
};
const settle = () => vi.advanceTimersByTimeAsync(0);

const join = (priority: number, index: number): Command => ({
  check: () => true,
  async run(model, real) {
    const id = model.ids++;
    const group = GROUPS[index];
    const controller = new AbortController();
    let finish: Caller['end'] = () => undefined;
    const result = throughLimiter(
      real.limiter,
      () =>
        new Promise<void>((resolve, reject) => {
          real.started.push(id);
          finish = (error) => (error === undefined ? resolve() : reject(error));
        }),
      { priority, group, signal: controller.signal },
    ).catch((error: unknown) => error);
    const caller: Caller = { id, priority, group, controller, result, end: (error) => finish(error) };
    await settle();
    const free = model.running.length < model.limit && performance.now() >= model.pausedUntil;
    if (model.waiting.length === 0 && free) model.start(caller);
    else if (model.waiting.length >= MOST_QUEUED) expect(await result).toBeInstanceOf(Full);
    else model.join(caller);
    agree(model, real);
  },
  toString: () => `join(${priority}, ${index})`,
});

const end = (at: number, how: 'well' | 'too much' | 'pause'): Command => ({
  check: (model) => model.running.length > 0,
  async run(model, real) {
    const { caller, at: startedAt } = model.running[at % model.running.length] as Model['running'][number];
    const used = model.running.length >= model.limit || model.waiting.length > 0;
    caller.end(how === 'well' ? undefined : new TooMuch(how));
    await caller.result;
    await settle();
    if (how === 'well') {
      if (used && model.limit < MAXIMUM) {
        model.successes += 1;
        if (model.successes >= model.limit) {
          model.successes = 0;
          model.limit += 1;
        }
      }
    } else {
      if (startedAt > model.cutAt) {
        model.cutAt = performance.now();
        model.successes = 0;
        model.limit = Math.max(1, Math.floor(Math.min(model.limit, model.running.length) / 2));
      }
      if (how === 'pause') model.pausedUntil = Math.max(model.pausedUntil, performance.now() + 50);
    }
    model.running = model.running.filter((running) => running.caller !== caller);
    model.pump();
    agree(model, real);
  },
  toString: () => `end(${at}, ${how})`,
});

const abort = (at: number): Command => ({
  check: (model) => model.waiting.length > 0,
  async run(model, real) {
    const caller = model.waiting[at % model.waiting.length] as Caller;
    caller.controller.abort(new Error('had enough'));
    expect(await caller.result).toEqual(new Error('had enough'));
    await settle();
    model.leave(caller);
    model.pump();
    agree(model, real);
  },
  toString: () => `abort(${at})`,
});

const wait = (ms: number): Command => ({
  check: () => true,
  async run(model, real) {
    await vi.advanceTimersByTimeAsync(ms);
    model.pump();
    agree(model, real);
  },
  toString: () => `wait(${ms})`,
});

test('a limiter does what its model does, and ends with nobody forgotten', async () => {
  const commands = [
    fc.tuple(fc.constantFrom(0, 0, 0, 1), fc.nat(GROUPS.length - 1)).map(([priority, index]) => join(priority, index)),
    fc.tuple(fc.constantFrom(0, 0, 0, 1), fc.nat(GROUPS.length - 1)).map(([priority, index]) => join(priority, index)),
    fc
      .tuple(fc.nat(10), fc.constantFrom<'well' | 'too much' | 'pause'>('well', 'well', 'well', 'too much', 'pause'))
      .map(([at, how]) => end(at, how)),
    fc.nat(10).map(abort),
    fc.constantFrom(1, 10, 60).map(wait),
  ];
  await fc.assert(
    fc.asyncProperty(fc.commands(commands, { maxCommands: 80, size: 'max' }), async (sequence) => {
      const limiter = new Limiter({
        maxConcurrent: MAXIMUM,
        maxQueued: MOST_QUEUED,
        full: () => new Full(),
        sign: (error) =>
          error instanceof TooMuch
            ? { kind: 'slow-down', retryAfterMs: error.message === 'pause' ? 50 : undefined }
            : undefined,
      });
      const model = new Model();
      const real: Real = { limiter, started: [] };
      await fc.asyncModelRun(() => ({ model, real }), sequence);
      // Everybody who runs or waits comes to an end, and nothing is left of them.
      await vi.advanceTimersByTimeAsync(60);
      model.pump();
      while (model.running.length > 0) await end(0, 'well').run(model, real);
      expect(limiter.queued + limiter.inFlight).toBe(0);
      expect(vi.getTimerCount()).toBe(0);
    }),
    { numRuns: 200 },
  );
});
