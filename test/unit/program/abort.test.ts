import { getEventListeners } from 'node:events';
import { CallDeadlineError, CallEndedError, context, currentSignal, Module, Predict } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { expect, test } from 'vitest';
import type { CallScope } from '../../../src/core/ports/lm';

/** Answers when its signal fires only, and remembers why it did. */
class StuckLM extends DummyLM {
  readonly reasons: unknown[] = [];

  constructor() {
    super([]);
  }

  override async generate(request: never, { signal }: CallScope = {}): Promise<never> {
    this.requests.push(request);
    return new Promise((_, reject) => {
      signal?.addEventListener('abort', () => {
        this.reasons.push(signal.reason);
        reject(signal.reason);
      });
    });
  }
}

class Hasty extends Module {
  ask = new Predict('question -> answer');

  constructor(private readonly leave: (work: Promise<unknown>) => unknown) {
    super();
  }

  async forward({ question }: { question: string }) {
    return this.leave(this.ask.call({ question }));
  }
}

test('leaving a program by return aborts what it did not await, quietly', async () => {
  const lm = new StuckLM();
  await context({ lm }, () => new Hasty(() => 'done').call({ question: 'Q' }));
  await new Promise((resume) => setImmediate(resume));
  expect(lm.reasons).toEqual([expect.any(CallEndedError)]);
});

test('leaving a program by throw aborts what it did not await', async () => {
  const lm = new StuckLM();
  const fail = () => {
    throw new Error('no');
  };
  await expect(context({ lm }, () => new Hasty(fail).call({ question: 'Q' }))).rejects.toThrow('no');
  expect(lm.reasons).toEqual([expect.any(CallEndedError)]);
});

test('a signal given to a program cancels the request of the predictor inside', async () => {
  const lm = new StuckLM();
  const controller = new AbortController();
  const call = context({ lm }, () => new Hasty((work) => work).call({ question: 'Q' }, { signal: controller.signal }));
  await new Promise((resume) => setImmediate(resume));
  controller.abort(new Error('changed my mind'));
  await expect(call).rejects.toThrow('changed my mind');
  expect(lm.reasons).toEqual([new Error('changed my mind')]);
});

test('a signal that has fired before the call sends nothing', async () => {
  const lm = new DummyLM([{ answer: 'A' }]);
  const call = new Predict('q -> answer').call({ q: '' }, { lm, signal: AbortSignal.abort(new Error('too late')) });
  await expect(call).rejects.toThrow('too late');
  expect(lm.requests).toEqual([]);
});

test('a call that does not listen to its signal is given up all the same', async () => {
  class Deaf extends Module {
    override async forward() {
      return new Promise<never>(() => undefined);
    }
  }
  await expect(new Deaf().call({}, { deadlineMs: 5 })).rejects.toThrow(CallDeadlineError);
});

test('the deadline of a program reaches the request inside', async () => {
  const lm = new StuckLM();
  const call = context({ lm }, () => new Hasty((work) => work).call({ question: 'Q' }, { deadlineMs: 5 }));
  await expect(call).rejects.toThrow(/Hasty did not finish within 5 ms/);
  expect(lm.reasons).toEqual([expect.any(CallDeadlineError)]);
});

test('however many calls a signal sees, it carries one listener, and none once they have ended', async () => {
  const { signal } = new AbortController();
  const during: number[] = [];
  const lm = new DummyLM(() => {
    during.push(getEventListeners(signal, 'abort').length);
    return { answer: 'A' };
  });
  const predict = new Predict('q -> answer');
  await Promise.all([0, 1, 2].map(() => predict.call({ q: '' }, { lm, signal })));
  expect(during).toEqual([1, 1, 1]);
  expect(getEventListeners(signal, 'abort')).toHaveLength(0);
});

test('outside of every call there is no signal, inside there is one', async () => {
  class Looks extends Module {
    override async forward() {
      return currentSignal();
    }
  }
  expect(currentSignal()).toBeUndefined();
  expect(await new Looks().call()).toBeInstanceOf(AbortSignal);
});

test('hundreds of calls at once under one signal raise no warning', async () => {
  const warnings: Error[] = [];
  const listen = (warning: Error) => warnings.push(warning);
  process.on('warning', listen);
  const lm = new DummyLM(() => ({ answer: 'A' }));
  const { signal } = new AbortController();
  const predict = new Predict('q -> answer');
  await Promise.all(Array.from({ length: 300 }, () => predict.call({ q: '' }, { lm, signal })));
  await new Promise((resume) => setImmediate(resume));
  process.off('warning', listen);
  expect(warnings).toEqual([]);
});
