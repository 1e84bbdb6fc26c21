import { ChatAdapter, Image, signature } from 'dspex';
import { XMLAdapter } from 'dspex/adapters';
import { Predict } from 'dspex/program';
import { expect, test } from 'vitest';

const demo = (question: string) => ({ question, answer: question.toUpperCase() });
const shown = (predict: Predict) => JSON.stringify(predict.render({ question: 'Q' }));

test('a prompt shows the demos of now: those that are set later, and none that somebody writes in', () => {
  const predict = new Predict('question -> answer');
  const rows = [demo('one')];
  predict.demos = rows;
  const before = shown(predict);
  rows.push(demo('two'));
  (rows[0] as { question: string }).question = 'changed';
  expect(shown(predict)).toBe(before);
  predict.demos = rows;
  expect(shown(predict)).toContain('changed');
  expect(shown(predict)).toContain('TWO');
  predict.demos = [];
  expect(shown(predict)).not.toContain('TWO');
});

test('records in a frozen list are as good as frozen', () => {
  const predict = new Predict('question -> answer');
  const record = demo('one');
  predict.demos = Object.freeze([record]);
  const before = shown(predict);
  record.question = 'changed';
  expect(shown(predict)).toBe(before);
  expect(Object.isFrozen(predict.demos[0])).toBe(true);
  const frozen = Object.freeze([Object.freeze(demo('two'))]);
  predict.demos = frozen;
  expect(predict.demos).toBe(frozen);
});

test('one list of demos under two signatures and two adapters gives four prompts', () => {
  const demos = Object.freeze([Object.freeze({ ...demo('one'), because: 'so' })]);
  const prompts = ['question -> answer', 'question -> because, answer'].flatMap((text) =>
    [new ChatAdapter(), new XMLAdapter()].map((adapter) => {
      const predict = new Predict(signature(text as 'question -> answer'));
      predict.demos = demos;
      predict.adapter = adapter;
      // The second time from what is kept.
      expect(shown(predict)).toBe(shown(predict));
      return shown(predict);
    }),
  );
  expect(new Set(prompts).size).toBe(4);
});

test('an adapter of the user has a say in every message', () => {
  class Loud extends ChatAdapter {
    override format(...given: Parameters<ChatAdapter['format']>) {
      return super
        .format(...given)
        .map((message) => (message.role === 'system' ? { ...message, content: 'BE LOUD' } : message));
    }
  }
  const predict = new Predict('question -> answer');
  predict.demos = [demo('one')];
  const plain = predict.render({ question: 'Q' });
  predict.adapter = new Loud();
  const loud = predict.render({ question: 'Q' });
  expect(loud.map(({ content }) => content)).toEqual(['BE LOUD', ...plain.slice(1).map(({ content }) => content)]);
});

test('pictures of demos are shared like everything else: nobody can write in them', () => {
  const predict = new Predict('picture: dspy.Image -> answer');
  const picture = new Image('https://example.org/a.png');
  predict.demos = [{ picture, answer: 'a cat' }];
  const inputs = { picture: new Image('https://example.org/b.png') };
  const [, first] = predict.render(inputs);
  const parts = first?.content as { type: string; image_url?: { url: string } }[];
  const before = JSON.stringify(predict.render(inputs));
  expect(before).toContain('a.png');
  expect(() => parts.push({ type: 'text' })).toThrow(TypeError);
  for (const part of parts) expect(Object.isFrozen(part)).toBe(true);
  const url = parts.find(({ type }) => type === 'image_url')?.image_url;
  expect(() => Object.assign(url ?? {}, { url: 'https://example.org/c.png' })).toThrow(TypeError);
  expect(JSON.stringify(predict.render(inputs))).toBe(before);
});

test('a list of messages that is given out is the receiver’s own', () => {
  const predict = new Predict('question -> answer');
  predict.demos = [demo('one')];
  const before = shown(predict);
  const given = predict.render({ question: 'Q' }) as unknown[];
  given.length = 1;
  expect(shown(predict)).toBe(before);
});
