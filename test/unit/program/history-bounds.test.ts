import { clearHistory, context, Module, Predict } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { beforeEach, expect, test } from 'vitest';
import { approximateBytes } from '../../../src/lm/cache/approximate-bytes';
import { historyOf } from '../../../src/program/predict/history';

beforeEach(clearHistory);

const lm = new DummyLM(() => ({ answer: 'A' }));
const predict = () => new Predict('question -> answer');
/** Instructions that all of them begin with count once. */
const bytesOf = (module?: object) => {
  const entries = historyOf(module, 1e9);
  const first = entries[0]?.request.messages[0];
  return entries.reduce(
    (sum, { request, response }) =>
      sum + approximateBytes({ ...request, messages: request.messages.slice(1) }) + approximateBytes(response),
    first === undefined ? 0 : approximateBytes(first),
  );
};

test('no more bytes are kept than historyBytes, in the process and in each module; the newest stay', async () => {
  const historyBytes = 200_000;
  class Around extends Module {
    step = predict();
    override async forward({ question }: { question: string }) {
      return this.step.call({ question });
    }
  }
  const program = new Around();
  await context({ lm, historyBytes }, async () => {
    for (let call = 0; call < 60; call++) {
      await program.call({ question: `${call} ${'x'.repeat(5000)}` });
      for (const of of [undefined, program, program.step]) expect(bytesOf(of)).toBeLessThanOrEqual(historyBytes);
    }
  });
  for (const of of [undefined, program, program.step]) {
    const entries = historyOf(of, 1e9);
    expect(bytesOf(of)).toBeGreaterThan(historyBytes * 0.8);
    expect(JSON.stringify(entries.at(-1)?.request)).toContain('59 xxx');
    expect(historyOf(of, 2)).toEqual(entries.slice(-2));
  }
});

test('demos count once, and every entry shows them; the history of another program is measured by its own', async () => {
  const demos = [{ question: 'shown '.repeat(2000), answer: 'A' }];
  const [many, few] = [predict(), predict()];
  many.demos = demos;
  // Texts of the demos alone take 24,000 bytes in every prompt.
  await context({ lm, historyBytes: 60_000 }, async () => {
    for (let call = 0; call < 20; call++) await many.call({ question: String(call) });
    const entries = historyOf(many, 1e9);
    expect(entries).toHaveLength(20);
    const request = entries.at(-1)?.request;
    expect(request).toEqual({ ...request, messages: many.render({ question: '19' }) });
    // Those that go take their demos along.
    for (let call = 0; call < 60; call++) await few.call({ question: `${call} ${'x'.repeat(1000)}` });
    expect(JSON.stringify(historyOf(undefined, 1e9))).not.toContain('shown');
    expect(historyOf(undefined, 1e9).length).toBeGreaterThan(15);
    await many.call({ question: 'again' });
    await few.call({ question: 'y'.repeat(12_000) });
    expect(historyOf(undefined, 1e9).length).toBeLessThan(6);
    expect(historyOf(many, 1e9)).toHaveLength(21);
  });
});

test('by default some 1,000 calls of 1 kB are kept', async () => {
  const step = predict();
  await context({ lm }, async () => {
    for (let call = 0; call < 3000; call++) await step.call({ question: `${call} ${'x'.repeat(1000)}` });
  });
  expect(historyOf(step, 1e9).length).toBeGreaterThan(1000);
  expect(historyOf(step, 1e9).length).toBeLessThan(2000);
});

test('an answer that is larger than the whole history is not kept, and drives out the rest', async () => {
  await context({ lm, historyBytes: 20_000 }, async () => {
    await predict().call({ question: 'small' });
    expect(historyOf(undefined, 9)).toHaveLength(1);
    await predict().call({ question: 'x'.repeat(50_000) });
    expect(historyOf(undefined, 9)).toHaveLength(0);
    await predict().call({ question: 'small again' });
    expect(historyOf(undefined, 9)).toHaveLength(1);
  });
});

test('the number of entries is exact, over thousands of calls', async () => {
  const step = predict();
  await context({ lm, historyLimit: 7 }, async () => {
    for (let call = 0; call < 2500; call++) await step.call({ question: String(call) });
  });
  const entries = historyOf(undefined, 1e9);
  expect(entries).toHaveLength(7);
  expect(entries.map(({ request }) => /\]\]\n(\d+)\n/u.exec(String(request.messages.at(-1)?.content))?.[1])).toEqual(
    [2493, 2494, 2495, 2496, 2497, 2498, 2499].map(String),
  );
});

test('no bytes, no history', async () => {
  await context({ lm, historyBytes: 0 }, () => predict().call({ question: 'q' }));
  expect(historyOf(undefined, 9)).toEqual([]);
});

test('a call that fails leaves no entry', async () => {
  const failing = new DummyLM(() => {
    throw new Error('no answer');
  });
  await expect(context({ lm: failing }, () => predict().call({ question: 'q' }))).rejects.toThrow();
  expect(historyOf(undefined, 9)).toEqual([]);
});
