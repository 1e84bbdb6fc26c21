import { LMClosedError, LMTimeoutError } from 'dspex';
import { BAMLAdapter, ChatAdapter, JSONAdapter, XMLAdapter } from 'dspex/adapters';
import { context, Predict } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { expect, test } from 'vitest';

const predict = new Predict('question -> answer, score: float');
const ask = (lm: DummyLM, question = 'Q', options = {}) =>
  context({ lm, maxRepairs: 0 }, () => predict.call({ question }, options));

test('answers are given in order, laid out as the prompt asks', async () => {
  const lm = new DummyLM([
    { answer: 'A', score: 1 },
    { answer: 'B', score: 2 },
  ]);
  expect({ ...(await ask(lm)) }).toEqual({ answer: 'A', score: 1 });
  expect({ ...(await ask(lm, 'R', { adapter: new JSONAdapter() })) }).toEqual({ answer: 'B', score: 2 });
  expect(lm.requests).toHaveLength(2);
});

test('lists and markup survive every layout', async () => {
  const answer = { tags: ['a & b', '<c>'], note: '1 < 2 & 3' };
  const tagger = new Predict('text -> tags: list[str], note');
  for (const adapter of [new ChatAdapter(), new JSONAdapter(), new XMLAdapter(), new BAMLAdapter()]) {
    for (const lm of [new DummyLM([answer]), new DummyLM([answer], { adapter })]) {
      const given = await context({ lm, adapter, maxRepairs: 0 }, () => tagger.call({ text: 'T' }));
      expect({ ...given }).toEqual(answer);
      expect(lm.requests).toHaveLength(1);
    }
  }
});

test('answers by key are given to prompts in which the key occurs', async () => {
  const lm = new DummyLM({ Paris: { answer: 'France', score: 1 }, Rome: { answer: 'Italy', score: 1 } });
  expect((await ask(lm, 'Where is Rome?')).answer).toBe('Italy');
  expect((await ask(lm, 'Where is Paris?')).answer).toBe('France');
});

test('a function answers from the request and the number of the call', async () => {
  const lm = new DummyLM((request, index) => ({ answer: `${request.messages.length}/${index}`, score: 0 }));
  expect((await ask(lm)).answer).toBe('2/0');
  expect((await ask(lm)).answer).toBe('2/1');
});

test('a text is answered as it is, an error is thrown', async () => {
  const lm = new DummyLM(['[[ ## answer ## ]]\nA\n[[ ## score ## ]]\n3', new LMTimeoutError('slow')]);
  expect((await ask(lm)).score).toBe(3);
  await expect(ask(lm)).rejects.toThrow(LMTimeoutError);
});

test('when answers run out the call fails and shows the prompt', async () => {
  await expect(ask(new DummyLM([]))).rejects.toThrow(/only 0 answers.*\n?.*The prompt ends/);
  await expect(ask(new DummyLM({ other: 'x' }), 'What now?')).rejects.toThrow(
    /no answer for this prompt[\s\S]*What now\?/,
  );
});

test('with followExamples the demo of the same question answers', async () => {
  const lm = new DummyLM([{ answer: 'scripted', score: 1 }], { followExamples: true });
  const demos = [
    { question: 'first', answer: 'one', score: 1 },
    { question: 'second', answer: 'two', score: 2 },
  ];
  expect((await ask(lm, 'second', { demos })).answer).toBe('two');
  expect((await ask(lm, 'third', { demos })).answer).toBe('scripted');
});

test('tokens are words, so usage is known in advance', async () => {
  const { usage } = await ask(new DummyLM(() => '[[ ## answer ## ]]\none two\n[[ ## score ## ]]\n3'));
  expect(usage).toMatchObject({ calls: 1, outputTokens: 13 });
  expect(usage.inputTokens).toBe((await ask(new DummyLM(() => ({ answer: 'x', score: 0 })))).usage.inputTokens);
});

test('an aborted call is not answered, and a closed model answers nothing', async () => {
  const lm = new DummyLM(() => ({ answer: 'A', score: 0 }));
  const request = lm.createRequest([{ role: 'user', content: 'Q' }]);
  await expect(lm.generate(request, { signal: AbortSignal.abort(new Error('stop')) })).rejects.toThrow('stop');
  await lm.close();
  await expect(lm.generate(request)).rejects.toThrow(LMClosedError);
  expect(lm.requests).toEqual([]);
});

test('a misspelt option is named', () => {
  expect(() => new DummyLM([], { followExample: true } as never)).toThrow(/'followExample'.*followExamples/);
});
