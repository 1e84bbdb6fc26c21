import { JSONAdapter } from 'dspex/adapters';
import { ChainOfThought } from 'dspex/modules';
import { context, diffPrograms, Module, Predict } from 'dspex/program';
import { DummyLM } from 'dspex/testing';
import { describe, expect, test } from 'vitest';
import { lineDiff } from '../../../src/core/util/line-diff';

class Pair extends Module {
  search = new Predict('question -> query');
  answer = new ChainOfThought('passages: list[str], question -> answer: float');
  override async forward({ question }: { question: string }) {
    const { query } = await this.search.call({ question });
    return this.answer.call({ passages: [query], question });
  }
}

describe('prompts', () => {
  test('lists what every predictor would send, with names in braces for its inputs', () => {
    const prompts = new Pair().prompts();
    expect(Object.keys(prompts)).toEqual(['search', 'answer.predict']);
    expect(prompts['answer.predict']?.at(-1)?.content).toContain('[[ ## passages ## ]]\n{passages}\n');
  });

  test('shows given inputs, the demos, and the adapter of settings around and pinned', () => {
    const program = new Pair();
    program.search.demos = [{ question: 'Q', query: 'shown' }];
    const inputs = { question: 'Why?' };
    const prompts = context({ adapter: new JSONAdapter() }, () => program.prompts({ search: inputs }));
    expect(prompts['search']).toEqual(program.search.render(inputs, { adapter: new JSONAdapter() }));
    expect(JSON.stringify(prompts['search'])).toContain('shown');
    const pinned = program.with({ adapter: new JSONAdapter() }).prompts({ search: inputs });
    expect(pinned).toEqual(prompts);
  });

  test('asks no model', async () => {
    const lm = new DummyLM([]);
    await context({ lm }, async () => new Pair().prompts());
    expect(lm.requests).toEqual([]);
  });
});

describe('diffPrograms', () => {
  test('says nothing of a program and its copy', () => {
    const program = new Pair();
    expect(diffPrograms(program, program.clone())).toBe('');
  });

  test('shows the lines that go and come, under predictor and heading', () => {
    const before = new Pair();
    before.search.spec = before.search.spec.withInstructions('One.\nTwo.\nThree.\nFour.\nFive.\nSix.');
    const after = before.clone();
    after.search.spec = after.search.spec.withInstructions('One.\nTwo.\nThree.\nFour.\nFive!\nSix.');
    after.answer.predict.demos = [{ passages: ['p'], question: 'Q', answer: 1 }];
    after.answer.predict.config = { temperature: 0.7 };
    expect(diffPrograms(before, after)).toBe(
      [
        '=== search',
        'instructions:',
        '  ...',
        '  Three.',
        '  Four.',
        '- Five.',
        '+ Five!',
        '  Six.',
        '',
        '=== answer.predict',
        'demos:',
        '+ [1]',
        '+   passages: "[\\"p\\"]"',
        '+   question: "Q"',
        '+   answer: "1.0"',
        'config:',
        '+ temperature: 0.7',
        '',
      ].join('\n'),
    );
  });

  test('shows predictors that only one program has', () => {
    const text = diffPrograms(new Predict('question -> answer'), new Pair());
    expect(text).toMatch(/=== self\ninstructions:\n- Given[\s\S]*=== search\ninstructions:\n\+ Given/);
    expect(diffPrograms(new Pair(), new Pair().with({ adapter: new JSONAdapter() }), { colour: true })).toContain(
      '\u001b[32m+ JSONAdapter\u001b[0m',
    );
  });
});

test('a line diff goes from one text to the other by the fewest lines', () => {
  const marks = (before: string, after: string) =>
    lineDiff([...before], [...after]).map(({ mark, text }) => `${mark}${text}`.trim());
  expect(marks('abcd', 'abcd')).toEqual(['a', 'b', 'c', 'd']);
  expect(marks('abcabba', 'cbabac').filter((line) => line.length > 1)).toHaveLength(5);
  expect(marks('', 'ab')).toEqual(['+a', '+b']);
  const long = Array.from({ length: 5000 }, (_, index) => `${index}`);
  expect(lineDiff(long, [...long].reverse()).length).toBe(10_000);
});
