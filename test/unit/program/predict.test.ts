import { Max } from 'class-validator';
import { Input, Output, Prediction, Signature } from 'dspex';
import { AdapterParseError, JSONAdapter } from 'dspex/adapters';
import {
  configure,
  context,
  InvalidInputsError,
  MissingInputError,
  OutputValidationError,
  Predict,
  resetConfiguration,
  SignatureSpec,
  UnknownInputError,
  withUsage,
} from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { afterEach, expect, test } from 'vitest';

afterEach(resetConfiguration);

const answers = (...texts: (string | object)[]) => new DummyLM(texts as never);

test('a string signature is asked and answered', async () => {
  configure({ lm: answers({ answer: 'Paris' }) });
  const { answer } = await new Predict('question -> answer').call({ question: 'Capital of France?' });
  expect(answer).toBe('Paris');
});

test('a prediction knows its inputs, response, completions and usage', async () => {
  const lm = answers({ answer: 'two words' });
  const prediction = await new Predict('question -> answer').call({ question: 'Q' }, { lm });
  expect(Object.keys(prediction)).toEqual(['answer']);
  expect(Prediction.inputs(prediction)).toEqual({ question: 'Q' });
  expect(prediction.completions).toEqual([{ answer: 'two words' }]);
  expect(Prediction.response(prediction)?.model).toBe('dummy');
  expect(prediction.usage).toMatchObject({ calls: 1, outputTokens: 7 });
});

test('a missing input is refused before anything is sent', async () => {
  const lm = answers({ answer: 'A' });
  const ask = new Predict('question, context -> answer').call({ question: 'Q' } as never, { lm });
  await expect(ask).rejects.toThrow(MissingInputError);
  await expect(ask).rejects.toThrow(/misses the input 'context' \(given: question\)/);
  expect(lm.requests).toEqual([]);
});

test('an unknown input is refused with the names that exist', async () => {
  const ask = new Predict('question -> answer').call({ question: 'Q', qestion: 'Q' } as never, { lm: answers() });
  await expect(ask).rejects.toThrow(UnknownInputError);
  await expect(ask).rejects.toThrow(/no input 'qestion'. Its inputs are: question/);
});

test.each([
  ['a text', 'Q'],
  ['a list', ['Q']],
  ['null', null],
])('inputs given as %s are refused', async (_, inputs) => {
  await expect(new Predict('question -> answer').call(inputs as never)).rejects.toThrow(InvalidInputsError);
});

test('defaults fill inputs that are not given, and an optional input may be left out', async () => {
  class Ask extends Signature {
    @Input() readonly question!: string;
    @Input({ default: 'English' }) readonly language!: string;
    @Input({ type: String, optional: true }) readonly hint?: string;
    @Output() answer!: string;
  }
  const lm = answers({ answer: 'A' });
  const prediction = await new Predict(Ask).call({ question: 'Q' } as never, { lm });
  expect(Prediction.inputs(prediction)).toEqual({ question: 'Q', language: 'English' });
  expect(String(lm.requests[0]?.messages[1]?.content)).not.toContain('## hint ##');
});

test('an answer that is no chat layout is asked for once more as JSON', async () => {
  const lm = answers('nothing', '{"answer": "A"}');
  const { answer, usage } = await new Predict('question -> answer').call({ question: 'Q' }, { lm });
  expect(answer).toBe('A');
  expect(usage.calls).toBe(2);
  expect(String(lm.requests[1]?.messages.at(-1)?.content)).toContain('JSON object');
});

test('after the fallback the model is shown its answer and what was wrong, once by default', async () => {
  const lm = answers('nothing', 'still nothing', '{"answer": "A"}');
  const { answer } = await new Predict('question -> answer').call({ question: 'Q' }, { lm });
  expect(answer).toBe('A');
  const repair = lm.requests[2]?.messages ?? [];
  expect(repair.slice(0, -2)).toEqual(lm.requests[1]?.messages);
  expect(repair.at(-2)).toEqual({ role: 'assistant', content: 'still nothing' });
});

test.each([
  [0, 2],
  [1, 3],
  [2, 4],
])('with maxRepairs %i an unreadable answer fails after %i requests', async (maxRepairs, sent) => {
  const lm = new DummyLM(() => 'nothing');
  const ask = context({ lm, maxRepairs }, () => new Predict('question -> answer').call({ question: 'Q' }));
  await expect(ask).rejects.toThrow(AdapterParseError);
  expect(lm.requests).toHaveLength(sent);
});

test('a failing LM is neither asked again as JSON nor corrected', async () => {
  const lm = answers(new Error('down'), { answer: 'A' });
  await expect(new Predict('question -> answer').call({ question: 'Q' }, { lm })).rejects.toThrow('down');
  expect(lm.requests).toHaveLength(1);
});

class Rated extends Signature {
  @Input() readonly text!: string;
  @Output() @Max(10) rating!: number;
}

test('an output that breaks its constraint is corrected', async () => {
  const lm = answers({ rating: 12 }, { rating: 9 });
  const { rating } = await new Predict(Rated).call({ text: 'T' }, { lm });
  expect(rating).toBe(9);
  expect(String(lm.requests[1]?.messages.at(-1)?.content)).toContain('rating');
});

test('an output that keeps breaking its constraint is a named error', async () => {
  const ask = new Predict(Rated).call({ text: 'T' }, { lm: new DummyLM(() => ({ rating: 12 })) });
  await expect(ask).rejects.toThrow(OutputValidationError);
  await expect(ask).rejects.toThrow(/rating/);
});

test('options of the call beat those of the predictor, which beat the defaults of the LM', async () => {
  const lm = new DummyLM(() => ({ answer: 'A' }), { defaults: { temperature: 0.1, maxTokens: 10, seed: 1 } });
  const predict = new Predict('question -> answer', { temperature: 0.2, maxTokens: 20 });
  await predict.call({ question: 'Q' }, { lm, config: { temperature: 0.3, rolloutId: 7 } });
  expect(lm.requests[0]).toMatchObject({ options: { temperature: 0.3, maxTokens: 20, seed: 1 }, rolloutId: 7 });
});

test('several completions are never asked for at temperature 0', async () => {
  const lm = new DummyLM(() => ({ answer: 'A' }), { defaults: { temperature: 0 } });
  const predict = new Predict('question -> answer');
  const { completions } = await predict.call({ question: 'Q' }, { lm, config: { n: 3 } });
  await predict.call({ question: 'Q' }, { lm, config: { n: 2, temperature: 0.5 } });
  await predict.call({ question: 'Q' }, { lm, config: { n: 1 } });
  expect(lm.requests.map((request) => request.options.temperature)).toEqual([0.7, 0.5, 0]);
  expect(completions).toHaveLength(3);
});

test('demos are shown before the inputs, and those of a call replace them', async () => {
  const lm = new DummyLM(() => ({ answer: 'A' }));
  const predict = new Predict('question -> answer');
  predict.demos = [{ question: 'own', answer: 'demo' }];
  await predict.call({ question: 'Q' }, { lm });
  await predict.call({ question: 'Q' }, { lm, demos: [{ question: 'given', answer: 'demo' }] });
  const shown = lm.requests.map((request) => String(request.messages[1]?.content));
  expect(shown[0]).toContain('own');
  expect(shown[1]).toContain('given');
});

test('demos are frozen when set, so that nobody changes them behind a copy', () => {
  const predict = new Predict('question -> answer');
  const rows = [{ question: 'Q', answer: 'A' }];
  predict.demos = rows;
  rows.push({ question: 'later', answer: 'x' });
  expect(predict.demos).toEqual([{ question: 'Q', answer: 'A' }]);
  expect(Object.isFrozen(predict.demos)).toBe(true);
  expect(Object.isFrozen(predict.demos[0])).toBe(true);
});

test('render shows the messages without a call or an LM', () => {
  const messages = new Predict('question -> answer').render({ question: 'Q' });
  expect(messages.map((message) => message.role)).toEqual(['system', 'user']);
  const json = new Predict('question -> answer').render({ question: 'Q' }, { adapter: new JSONAdapter() });
  expect(String(json[1]?.content)).toContain('JSON object');
});

test('a spec may be replaced, as optimizers do', async () => {
  const lm = answers({ answer: 'A' });
  const predict = new Predict('question -> answer');
  predict.spec = predict.spec.withInstructions('Be brief.');
  expect(predict.spec).toBeInstanceOf(SignatureSpec);
  await predict.call({ question: 'Q' }, { lm });
  expect(String(lm.requests[0]?.messages[0]?.content)).toContain('Be brief.');
});

test('a misspelt option is named, of the predictor and of the call', async () => {
  expect(() => new Predict('question -> answer', { temprature: 1 } as never)).toThrow(/'temprature'.*temperature/);
  await expect(new Predict('q -> a').call({ q: '' }, { cofnig: {} } as never)).rejects.toThrow(/'cofnig'/);
  await expect(new Predict('q -> a').call({ q: '' }, { config: { maxToken: 1 } as never })).rejects.toThrow(
    /'maxToken'/,
  );
});

test('what calls cost adds up, over fallbacks and nested sums', async () => {
  const lm = answers('nothing', '{"answer": "A"}', { answer: 'B' });
  const predict = new Predict('question -> answer');
  const { usage, result } = await context({ lm }, () =>
    withUsage(async () => {
      const inner = await withUsage(() => predict.call({ question: 'Q' }));
      await predict.call({ question: 'R' });
      return inner.usage;
    }),
  );
  expect(result.calls).toBe(2);
  expect(usage.calls).toBe(3);
});
