import { clearHistory, context, inspectHistory, Module, Predict } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { beforeEach, expect, test } from 'vitest';

beforeEach(clearHistory);

const lm = () => new DummyLM((_, index) => ({ answer: `A${index}` }));
const ask = async (predict: Predict<'question -> answer'>, count: number) => {
  for (let call = 0; call < count; call += 1) await predict.call({ question: `Q${call}` });
};

test('the last prompts and answers are shown under the headings of their roles', async () => {
  await context({ lm: lm() }, () => ask(new Predict('question -> answer'), 2));
  const printed: string[] = [];
  const text = inspectHistory(1, { print: (shown) => printed.push(shown), colour: false });
  expect(printed).toEqual([text]);
  expect(text).toMatch(/System message:[\s\S]*User message:[\s\S]*Q1[\s\S]*Response:[\s\S]*A1/);
  expect(text).not.toContain('Q0');
});

test('colours are only used where they are wanted', async () => {
  await context({ lm: lm() }, () => ask(new Predict('question -> answer'), 1));
  expect(inspectHistory(1, { print: false, colour: true })).toContain('\u001b[');
  expect(inspectHistory(1, { print: false, colour: false })).not.toContain('\u001b[');
});

test('a module shows its own calls and those of its parts', async () => {
  class Pair extends Module {
    step = new Predict('question -> answer');
    override async forward({ question }: { question: string }) {
      return this.step.call({ question });
    }
  }
  const pair = new Pair();
  const other = new Predict('question -> answer');
  await context({ lm: lm() }, async () => {
    await pair.call({ question: 'inside' });
    await ask(other, 1);
  });
  const quiet = { print: false, colour: false } as const;
  expect(pair.inspectHistory(9, quiet)).toContain('inside');
  expect(pair.inspectHistory(9, quiet)).not.toContain('Q0');
  expect(pair.step.inspectHistory(9, quiet)).toContain('inside');
  expect(other.inspectHistory(9, quiet)).not.toContain('inside');
});

test('the history is bounded, and can be switched off', async () => {
  const predict = new Predict('question -> answer');
  const entries = () => inspectHistory(1000, { print: false, colour: false }).split('Response:').length - 1;
  await context({ lm: lm(), historyLimit: 4 }, () => ask(predict, 50));
  expect(entries()).toBeGreaterThanOrEqual(4);
  expect(entries()).toBeLessThanOrEqual(5);
  clearHistory();
  await context({ lm: lm(), historyLimit: 0 }, () => ask(predict, 3));
  expect(entries()).toBe(0);
});
