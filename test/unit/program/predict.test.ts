import { ChainOfThought } from 'dspex/modules';
import { configure, context, Module, Predict, resetConfiguration, withTrace } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { afterEach, expect, test } from 'vitest';

afterEach(resetConfiguration);

test('a string signature is asked and answered', async () => {
  const lm = new DummyLM([{ answer: 'Paris' }]);
  configure({ lm });
  const { answer } = await new Predict('question -> answer').call({ question: 'Capital of France?' });
  expect(answer).toBe('Paris');
});

class QA extends Module {
  search = new Predict('question -> query');
  answer = new ChainOfThought('question, query -> answer: float');

  async forward({ question }: { question: string }) {
    const { query } = await this.search.call({ question });
    return this.answer.call({ question, query });
  }
}

test('a program of two steps leaves a trace and typed outputs', async () => {
  const lm = new DummyLM([{ query: 'q' }, { reasoning: 'because', answer: 3 }]);
  const qa = new QA();
  const { result, trace } = await context({ lm }, () => withTrace(() => qa.call({ question: 'why?' })));
  const n: number = result.answer;
  const r: string = result.reasoning;
  expect([n, r]).toEqual([3, 'because']);
  expect(trace.map((step) => step.predictor)).toEqual([qa.search, qa.answer.predict]);
  expect(qa.namedPredictors().map(([path]) => path)).toEqual(['search', 'answer.predict']);
});
