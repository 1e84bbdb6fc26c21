import { LMServerError } from 'dspex';
import { hedged } from 'dspex/clients';
import { type DummyAnswer, DummyLM } from 'dspex/testing';
import { afterEach, expect, test, vi } from 'vitest';
import { InvalidOptionError } from '../../../../src/core/errors/option-errors';
import { untilAborted } from '../../../../src/lm/resilience/deadline';
import { ask, failureOf } from '../../../faults/calls';

afterEach(() => {
  vi.useRealTimers();
});

/** Answers after the time its script says for each request, and listens to aborts. */
class Timed extends DummyLM {
  aborted = 0;
  constructor(
    private readonly times: (index: number) => number,
    answer: (index: number) => DummyAnswer = String,
  ) {
    super((_request, index) => answer(index));
  }
  override async generate(...[request, scope = {}]: Parameters<DummyLM['generate']>) {
    const answer = super.generate(request, {});
    const wait = new Promise((resolve) => setTimeout(resolve, this.times(this.requests.length - 1)));
    answer.catch(() => {});
    await untilAborted(wait, scope.signal).catch((error: unknown) => {
      this.aborted += 1;
      throw error;
    });
    return answer;
  }
}

test('asks once more after the delay; the first answer counts and the loser is given up', async () => {
  vi.useFakeTimers();
  const inner = new Timed((index) => (index === 0 ? 60_000 : 10));
  const answer = ask(hedged(inner, { afterMs: 50, max: 1 }));
  await vi.advanceTimersByTimeAsync(61);
  expect(await answer).toMatchObject({
    completions: [{ text: '1' }],
    attempts: 2,
    usage: { calls: 1, lostAttempts: 1 },
  });
  expect([inner.requests.length, inner.aborted]).toEqual([2, 1]);
});

test('asks once when the answer is there in time, and leaves no timer', async () => {
  vi.useFakeTimers();
  const inner = new Timed(() => 10);
  const answer = ask(hedged(inner, { afterMs: 50, max: 1 }));
  await vi.advanceTimersByTimeAsync(11);
  expect(await answer).toMatchObject({ attempts: 1, usage: { lostAttempts: 0 } });
  expect(vi.getTimerCount()).toBe(0);
  expect(inner.requests).toHaveLength(1);
});

test('no more than the share of calls gets a second request', async () => {
  vi.useFakeTimers();
  const inner = new Timed(() => 100);
  const lm = hedged(inner, { afterMs: 50 });
  for (let count = 0; count < 40; count += 1) {
    const answer = ask(lm);
    await vi.advanceTimersByTimeAsync(101);
    await answer;
  }
  expect(inner.requests).toHaveLength(44);
});

test('by default it waits for the slowest of twenty, and at least a second', async () => {
  vi.useFakeTimers();
  const inner = new Timed((index) => (index < 20 ? 2_000 : 60_000));
  const lm = hedged(inner);
  for (let count = 0; count < 20; count += 1) {
    const answer = ask(lm);
    await vi.advanceTimersByTimeAsync(2_001);
    await answer;
  }
  const slow = ask(lm);
  await vi.advanceTimersByTimeAsync(1_999);
  expect(inner.requests).toHaveLength(21);
  await vi.advanceTimersByTimeAsync(20);
  expect(inner.requests).toHaveLength(22);
  await vi.advanceTimersByTimeAsync(60_000);
  await slow;
});

test('neither calls with tools nor streams are doubled', async () => {
  vi.useFakeTimers();
  const inner = new Timed(() => 100);
  const lm = hedged(inner, { afterMs: 1, max: 1 });
  const tools = [{ name: 't', description: null, parameters: {} }];
  const calls = [
    ask(lm, { onDelta: () => {} }),
    lm.generate(lm.createRequest([{ role: 'user', content: 'q' }], { tools })),
  ];
  await vi.advanceTimersByTimeAsync(101);
  await Promise.all(calls);
  expect(inner.requests).toHaveLength(2);
});

test('a failure waits for the other request; the failure of both is the first one with all attempts', async () => {
  vi.useFakeTimers();
  const saved = new Timed(
    (index) => (index === 0 ? 60 : 100),
    (index) => (index === 0 ? new LMServerError('one') : 'two'),
  );
  const answer = ask(hedged(saved, { afterMs: 50, max: 1 }));
  await vi.advanceTimersByTimeAsync(200);
  expect(await answer).toMatchObject({ completions: [{ text: 'two' }], usage: { lostAttempts: 1 } });
  const lost = new Timed(
    () => 60,
    (index) => new LMServerError(`number ${index}`),
  );
  const failure = failureOf(ask(hedged(lost, { afterMs: 50, max: 1 })));
  await vi.advanceTimersByTimeAsync(200);
  expect(await failure).toMatchObject({ message: 'number 0', attempts: 2 });
});

test('an abort ends both requests with the reason of the caller', async () => {
  vi.useFakeTimers();
  const inner = new Timed(() => 60_000);
  const controller = new AbortController();
  const answer = failureOf(ask(hedged(inner, { afterMs: 5, max: 1 }), { signal: controller.signal }));
  await vi.advanceTimersByTimeAsync(10);
  controller.abort(new Error('enough'));
  expect((await answer).message).toBe('enough');
  await vi.advanceTimersByTimeAsync(0);
  expect([inner.requests.length, inner.aborted]).toEqual([2, 2]);
});

test('an LM that throws in place of rejecting loses its second request, and nothing else', async () => {
  vi.useFakeTimers();
  class Throws extends Timed {
    override generate(...call: Parameters<DummyLM['generate']>) {
      if (this.requests.length > 0) throw new LMServerError('thrown');
      return super.generate(...call);
    }
  }
  const answer = ask(hedged(new Throws(() => 100), { afterMs: 50, max: 1 }));
  await vi.advanceTimersByTimeAsync(200);
  expect(await answer).toMatchObject({ completions: [{ text: '0' }] });
});

test('refuses what it cannot work with', () => {
  expect(() => hedged(new DummyLM([]), { max: 2 })).toThrow(InvalidOptionError);
  expect(() => hedged(new DummyLM([]), { afterMs: -1 })).toThrow(InvalidOptionError);
});
